"""The alerts of cases: one open a card, of its most urgent clock that ran out."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cardfleet.kernel.clock import SHANGHAI
from lifecycle.choices import AlertKind
from lifecycle.messages import CASE_OVERDUE
from lifecycle.models import Alert, Case
from lifecycle.rules.cases.watching import severity_of
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import Cause, settle_alerts
from lifecycle.services.cases.telling import tell_of_case


@transaction.atomic
def settle_case_alerts(*, now: datetime, card_ids: Collection[int] | None = None) -> dict[str, int]:
    """Make the alerts equal to the clocks that ran out: one a card, of its most urgent case.

    Who sees to the case is told first; where nobody does, those in charge of the card are.
    """
    late = Case.objects.open().filter(due_at__lte=now).select_related("assignee", "card").order_by("-due_at", "-pk")
    if card_ids is not None:
        late = late.filter(card__in=card_ids)
    most_urgent = {case.card_id: case for case in late}
    causes = [_cause(case, now) for case in most_urgent.values()]
    outcome = settle_alerts(kinds=(AlertKind.CASE,), causes=causes, now=now, card_ids=card_ids)
    unseen = []
    for alert in Alert.objects.filter(pk__in=outcome.news).order_by("pk"):
        case = most_urgent[alert.card_id or 0]
        if case.assignee is None:
            unseen.append(alert.pk)
        else:
            alert.assignee = case.assignee
            alert.save(update_fields=["assignee"])
            tell_of_case(case, CASE_OVERDUE, key=f"case:{case.pk}:overdue:{now.isoformat()}", now=now)
    tell_of_alerts(unseen, run="cases", now=now)
    return outcome.counts()


def ease_alert(card_id: int, *, now: datetime) -> None:
    """Let the alert of a card go at once when its case went on."""
    if Alert.objects.open().filter(kind=AlertKind.CASE, card=card_id).exists():
        settle_case_alerts(now=now, card_ids=[card_id])


def _cause(case: Case, now: datetime) -> Cause:
    assert case.due_at is not None  # noqa: S101 - what is late has a clock
    return Cause(
        kind=AlertKind.CASE,
        card_id=case.card_id,
        severity=severity_of(case.due_at, level=case.level, now=now),
        code="case",
        params={"case": case.pk, "due": f"{case.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"},
        due_at=case.due_at,
    )
