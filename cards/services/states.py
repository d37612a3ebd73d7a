"""The writer of a card's service state (invariant 1; domain.md section 4; R10, R34-R39); `corrections` takes back.

Each change is one history row and one journal entry. `at` is when the carrier did it and never runs backwards,
except before the row by which a card entered our books: that says when we learnt of it, not when it began.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import NotVisible, Reason
from cards.choices import Axis, ChangeSource, ServiceState
from cards.errors import ChangeRefused
from cards.models import Card, CardChange
from cards.rules import transitions
from cards.services.card_rows import write_cards

WRITTEN = ("service_state", "stop_reason", "service_since")
# Sources that repeat what the carrier's own books say. Compliance still releases the card before it is handed out.
CARRIER_BOOKS = frozenset({ChangeSource.IMPORT, ChangeSource.CARRIER, ChangeSource.TAKEOVER})


@dataclass(frozen=True, kw_only=True)
class StateReport:
    """What is said of one card: the state it came into at a moment (aware), and why."""

    card_id: int
    to: str
    at: datetime
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StatesOutcome:
    """What became of many reports: rows written, reports that said what was known, reports refused and why."""

    changes: list[CardChange]
    unchanged: list[StateReport]
    refused: list[tuple[StateReport, Reason]]


@dataclass(frozen=True, kw_only=True)
class _Past:
    """What history adds to a card's row: since when nothing may be recorded, where a cancellation began."""

    floor: datetime | None = None
    before_cancelling: str = ""


@transaction.atomic
def change_service_state(
    *,
    card_id: int,
    to: str,
    reason: str = "",
    source: str,
    at: datetime,
    actor: User | None,
    now: datetime,
    evidence: StoredFile | None = None,
    note: str = "",
) -> CardChange:
    """Record that a card's service state changed, and return the history row.

    ChangeRefused names the legal targets: also where the card is in that state already, unless the report brings
    the reason of a stop that was not known before. NotVisible when there is no such card.
    """
    report = StateReport(card_id=card_id, to=to, reason=reason, at=at, note=note)
    outcome = change_service_states(reports=[report], source=source, actor=actor, now=now, evidence=evidence)
    if outcome.changes:
        return outcome.changes[0]
    _report, unmet = outcome.refused[0] if outcome.refused else (report, _known_already())
    state = Card.objects.values_list("service_state", flat=True).get(pk=card_id)
    raise ChangeRefused(
        message=unmet.message,
        reasons=[unmet],
        context={"legal": [str(target) for target in transitions.legal_targets(state)]},
    )


@transaction.atomic
def change_service_states(
    *,
    reports: Sequence[StateReport],
    source: str,
    actor: User | None,
    now: datetime,
    evidence: StoredFile | None = None,
) -> StatesOutcome:
    """Record many reports in the order of their moments: good ones are written, the others come back with reasons.

    A report of the state a card is in writes nothing. The number of statements does not depend on the number of
    reports. NotVisible when a card does not exist.
    """
    cards = {card.pk: card for card in Card.objects.filter(pk__in={report.card_id for report in reports}).locked()}
    if any(report.card_id not in cards for report in reports):
        raise NotVisible
    pasts = _pasts(cards.values())
    outcome = StatesOutcome(changes=[], unchanged=[], refused=[])
    for report in sorted(reports, key=lambda report: report.at):
        card = cards[report.card_id]
        if _says_nothing_new(card, report):
            outcome.unchanged.append(report)
        elif unmet := _unmet(card, report, pasts[card.pk], source=source, actor=actor, now=now):
            outcome.refused.append((report, unmet))
        else:
            outcome.changes.append(_apply(card, report, source=source, actor=actor, now=now, evidence=evidence))
            pasts[card.pk] = _past_after(outcome.changes[-1])
    _store(outcome.changes, actor=actor, now=now)
    return outcome


def _pasts(cards: Iterable[Card]) -> dict[int, _Past]:
    """Read the last service change of each card that was not taken back."""
    history = CardChange.objects.filter(card__in=[card.pk for card in cards], axis=Axis.SERVICE)
    last = history.standing().order_by("card_id", "-id").distinct("card_id")
    return defaultdict(_Past, {change.card_id: _past_after(change) for change in last})


def _past_after(change: CardChange) -> _Past:
    entered = not change.from_state
    return _Past(floor=None if entered else change.at, before_cancelling=change.from_state)


def _says_nothing_new(card: Card, report: StateReport) -> bool:
    return card.service_state == report.to and report.reason in ("", card.stop_reason)


def _unmet(
    card: Card, report: StateReport, past: _Past, *, source: str, actor: User | None, now: datetime
) -> Reason | None:
    edge = transitions.spec(card.service_state, report.to, stop_reason=card.stop_reason)
    explains = card.is_stopped and card.service_state == report.to and report.reason in edge.reasons
    illegal = transitions.refusal(
        card.service_state,
        report.to,
        reason=report.reason,
        source=source,
        prior_state=past.before_cancelling,
    )
    if illegal and not explains:
        return illegal
    if edge.needs_release and source not in CARRIER_BOOKS and actor and not actor.has_perm("cards.release_card"):
        return _release_missing()
    return _wrong_moment(report.at, past.floor, now)


def _wrong_moment(at: datetime, floor: datetime | None, now: datetime) -> Reason | None:
    if at > now:
        return Reason(code="in_the_future", message=_("This has not happened yet. Correct the time."), field="at")
    if floor and at < floor:
        return Reason(
            code="dates_run_backwards",
            message=format_lazy(_("The last change was at {at}."), at=to_the_minute(floor)),
            clears=_("Give a later time. What came before the last change is not rewritten."),
            field="at",
        )
    return None


def _release_missing() -> Reason:
    return Reason(
        code="release_missing",
        message=_("The card was stopped for how it was used. Compliance signs before it is used again."),
        clears=_("Ask compliance to record that it is in service."),
        field="to",
    )


def _known_already() -> Reason:
    return Reason(code="state_unchanged", message=_("The card is in this state already."), field="to")


def _apply(
    card: Card,
    report: StateReport,
    *,
    source: str,
    actor: User | None,
    now: datetime,
    evidence: StoredFile | None,
) -> CardChange:
    """Put the reported state on the card and return the history row, neither of them stored yet."""
    edge = transitions.spec(card.service_state, report.to, stop_reason=card.stop_reason)
    stays = card.service_state == report.to
    change = CardChange(
        card=card,
        axis=Axis.SERVICE,
        from_state=card.service_state,
        to_state=ServiceState(report.to),
        reason=transitions.reason_kept(edge, report.reason, before=card.stop_reason),
        at=report.at,
        recorded_at=now,
        actor=actor,
        source=source,
        evidence=evidence,
        note=report.note,
    )
    card.service_state = change.to_state
    card.stop_reason = change.reason
    card.service_since = card.service_since if stays else report.at
    return change


def _store(changes: Sequence[CardChange], *, actor: User | None, now: datetime) -> None:
    write_cards(list({change.card_id: change.card for change in changes}.values()), WRITTEN, now=now)
    insert_many(changes)
    record_many([deed(change, "cards.service_state_changed") for change in changes], actor=actor, now=now)


def deed(change: CardChange, action: str) -> Deed:
    """Return the journal's line on a stored state change; the note stays in the history."""
    data = {
        "change": change.pk,
        "from": change.from_state,
        "to": change.to_state,
        "reason": change.reason,
        "source": change.source,
    }
    return Deed(action=action, subject=change.card, data=data)
