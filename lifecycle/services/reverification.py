"""The clock of re-verification: 24 hours from the carrier's notice, then the card is stopped (R79; notice of 2021)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cards.choices import Severity
from cards.models import Card
from cards.services.flags import set_reverify_due
from lifecycle.choices import AlertKind
from lifecycle.errors import VerifiedAlready
from lifecycle.models import Reverification
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import AlertsOutcome, Cause, settle_alerts

ALLOWED = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What became of a notice: cards whose clock runs now, and how many had one running already."""

    started: Sequence[Reverification]
    running: int


@transaction.atomic
def record_notice(
    *,
    card_ids: Collection[int],
    noticed_at: datetime,
    source: str,
    actor: User | None,
    now: datetime,
    note: str = "",
) -> Noticed:
    """Start the clock of cards whose carrier demands a re-verification; one that runs already runs on."""
    if noticed_at > now:
        message = _("This has not happened yet. Correct the time.")
        raise BadInput(reasons=[Reason(code="in_the_future", field="noticed_at", message=message)])
    cards = list(Card.objects.filter(pk__in=card_ids).order_by("pk").locked())
    if len(cards) < len(set(card_ids)):
        raise NotVisible
    running = set(Reverification.objects.open().filter(card__in=cards).values_list("card", flat=True))
    due_at = noticed_at + ALLOWED
    fresh = [card for card in cards if card.pk not in running]
    started = Reverification.objects.bulk_create(
        Reverification(card=card, noticed_at=noticed_at, due_at=due_at, source=source, note=note, recorded_by=actor)
        for card in fresh
    )
    ids = [card.pk for card in fresh]
    set_reverify_due(card_ids=ids, due_at=due_at, now=now)
    _journal("lifecycle.reverification_noticed", started, actor, now)
    _settle(now, card_ids=ids)
    return Noticed(started=started, running=len(running))


@transaction.atomic
def confirm_verified(*, reverification_id: int, actor: User | None, now: datetime) -> Reverification:
    """Stop a clock: the registrant has verified. VerifiedAlready when it stands."""
    clock = Reverification.objects.filter(pk=reverification_id).select_related("card").locked().first()
    if clock is None:
        raise NotVisible
    if clock.done_at:
        raise VerifiedAlready
    clock.done_at, clock.done_by = now, actor
    clock.save(update_fields=["done_at", "done_by"])
    set_reverify_due(card_ids=[clock.card_id], due_at=None, now=now)
    _journal("lifecycle.reverification_done", [clock], actor, now)
    _settle(now, card_ids=[clock.card_id])
    return clock


@transaction.atomic
def watch_reverification(*, now: datetime) -> AlertsOutcome:
    """Open, refresh and close the alerts of running clocks; one that ran out is critical. Run twice, once is enough."""
    return _settle(now)


def _settle(now: datetime, *, card_ids: Collection[int] | None = None) -> AlertsOutcome:
    clocks = Reverification.objects.open().filter(card__in=Card.objects.live())
    if card_ids is not None:
        clocks = clocks.filter(card__in=card_ids)
    causes = [_cause(clock, now) for clock in clocks]
    alerts = settle_alerts(kinds=(AlertKind.REVERIFICATION,), causes=causes, now=now, card_ids=card_ids)
    tell_of_alerts(alerts.news, run="reverification", now=now)
    return alerts


def _cause(clock: Reverification, now: datetime) -> Cause:
    is_over = clock.due_at <= now
    return Cause(
        kind=AlertKind.REVERIFICATION,
        card_id=clock.card_id,
        severity=Severity.CRITICAL if is_over else Severity.HIGH,
        code="reverification_over" if is_over else "reverification_due",
        params={"due": to_the_minute(clock.due_at), "source": clock.source},
        due_at=clock.due_at,
    )


def _journal(action: str, clocks: Sequence[Reverification], actor: User | None, now: datetime) -> None:
    told = [(f"cards.card:{clock.card_id}", {"source": clock.source}) for clock in clocks]
    if told:
        record_many([Deed(action=action, subject=card, data=data) for card, data in told], actor=actor, now=now)
