"""What the card page shows of one card, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.models import Assignment
from cardfleet.journal import registry
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import subject_of
from cardfleet.journal.registry import Action
from cardfleet.kernel.clock import day_start
from cards.choices import Axis
from cards.models import Card, CardChange, CarrierRule
from lifecycle.models import Alert, RiskDay

TIMELINE = 30
TREND_DAYS = 30


@dataclass(frozen=True)
class Event:
    """A journal entry with what it is called."""

    entry: Entry
    action: Action


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """A card and what is known around it. `limits` are the rule versions its risk drivers come from."""

    card: Card
    open_assignment: Assignment | None
    assignments: Sequence[Assignment]
    changes: Sequence[CardChange]
    timeline: Sequence[Event]
    alerts: Sequence[Alert]
    trend: Sequence[RiskDay]
    limits: dict[int, CarrierRule]

    @property
    def may_be_corrected(self) -> bool:
        """Whether a service state was recorded after the card entered the register, and stands."""
        standing = (change for change in self.changes if change.axis == Axis.SERVICE and change_stands(change))
        last = next(standing, None)
        return last is not None and bool(last.from_state)


def change_stands(change: CardChange) -> bool:
    """Whether a history row, read with `reversed_by`, neither takes back nor was taken back."""
    return not change.reverses_id and not hasattr(change, "reversed_by")


def card_page(card: Card) -> CardPage:
    """Return what the page of an already scoped card shows."""
    assignments = list(
        Assignment.objects.filter(card=card).select_related("agent__user", "team", "handed_by").order_by("-started_at")
    )
    standing = [held for held in assignments if not held.undone_at]
    return CardPage(
        card=card,
        open_assignment=next((held for held in standing if held.ended_at is None), None),
        assignments=standing,
        changes=list(CardChange.objects.filter(card=card).select_related("actor", "reversed_by")[:TIMELINE]),
        timeline=timeline(card),
        alerts=list(Alert.objects.open().filter(card=card).order_by("due_at", "-id")),
        trend=list(RiskDay.objects.filter(card=card).order_by("-day")[:TREND_DAYS]),
        limits=_limits(card),
    )


def timeline(card: Card) -> list[Event]:
    """Return the newest journal entries about a card, each with its words."""
    entries = Entry.objects.about(subject_of(card)).select_related("actor").order_by("-id")[:TIMELINE]
    return [Event(entry, registry.action(entry.action)) for entry in entries]


def holder_on(card: Card, day: date) -> Sequence[Assignment]:
    """Return who held a card at some time of a Shanghai day, in order (R14: who held it on that day)."""
    end = day_start(date.fromordinal(day.toordinal() + 1))
    return list(
        Assignment.objects.standing()
        .filter(card=card, started_at__lt=end)
        .exclude(ended_at__lte=day_start(day))
        .select_related("agent__user", "team")
        .order_by("started_at")
    )


def _limits(card: Card) -> dict[int, CarrierRule]:
    risk = getattr(card, "risk", None)
    named = {driver["rule"] for driver in risk.drivers if driver.get("rule")} if risk else set()
    return CarrierRule.objects.select_related("carrier", "plan").in_bulk(named)
