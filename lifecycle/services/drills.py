"""The monthly drill: each team tries how fast a spare stands in for a card in use (R55)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from cardfleet.kernel.clock import day_start, month_start
from cards.choices import CustodyState, ServiceState
from cards.models import Card
from lifecycle.choices import CaseKind, CaseReason, CaseSource
from lifecycle.models import Case
from lifecycle.services.cases import open_cases


@transaction.atomic
def open_drills(*, on: date, now: datetime) -> dict[str, int]:
    """Open one drill a team with cards in use that had none this month (Shanghai); a second run opens none.

    It is about the card in use that entered the books first and was not tried yet, so that they come in turn.
    """
    drills = Case.objects.filter(kind=CaseKind.DRILL)
    tried = drills.filter(opened_at__gte=day_start(month_start(on))) | drills.filter(closed_at__isnull=True)
    used = Card.objects.filter(
        service_state=ServiceState.ACTIVE, custody_state=CustodyState.ISSUED, holder__isnull=False, team__isnull=False
    )
    waiting = used.exclude(team__in=tried.exclude(card__team=None).values("card__team"))
    first = dict(waiting.order_by().values_list("team").annotate(card=Min("pk")))
    fresh = waiting.exclude(pk__in=drills.values("card")).order_by().values_list("team").annotate(card=Min("pk"))
    chosen = sorted((first | dict(fresh)).values())
    opened = open_cases(
        card_ids=chosen,
        kind=CaseKind.DRILL,
        reason=CaseReason.PLANNED,
        source=CaseSource.SYSTEM,
        actor=None,
        now=now,
    )
    return {"teams": len(chosen), "opened": len(opened.cases)}
