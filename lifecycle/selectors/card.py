"""What the card page shows of one card, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from agents.models import Assignment
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.errors import Text
from cards.choices import Axis
from cards.models import Card, CardChange, CarrierRule
from lifecycle.models import Alert, RiskDay

CHANGES = 15
TREND_DAYS = 30
EARLIER = ((_("yesterday"), 1), (_("a week ago"), 7))


@dataclass(frozen=True)
class Holding:
    """Who held the card from when to when, and how many days that were, until today while it lasts."""

    assignment: Assignment
    days: int


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """A card and what is known around it. `limits` are the rule versions its risk drivers come from."""

    card: Card
    today: date
    open_assignment: Assignment | None
    holdings: Sequence[Holding]
    changes: Sequence[CardChange]
    alerts: Sequence[Alert]
    trend: Sequence[RiskDay]
    limits: dict[int, CarrierRule]

    @property
    def earlier(self) -> Sequence[tuple[Text, int]]:
        """The risk scores of yesterday and of a week ago, where they are known."""
        scores = {day.day: day.score for day in self.trend}
        known = ((label, scores.get(self.today - timedelta(days=days))) for label, days in EARLIER)
        return [(label, score) for label, score in known if score is not None]

    @property
    def may_be_corrected(self) -> bool:
        """Whether a service state was recorded after the card entered the register, and stands."""
        standing = (change for change in self.changes if change.axis == Axis.SERVICE and change_stands(change))
        last = next(standing, None)
        return last is not None and bool(last.from_state)


def change_stands(change: CardChange) -> bool:
    """Whether a history row, read with `reversed_by`, neither takes back nor was taken back."""
    return not change.reverses_id and not hasattr(change, "reversed_by")


def card_page(card: Card, *, today: date) -> CardPage:
    """Return what the page of an already scoped card shows."""
    assignments = list(
        Assignment.objects.filter(card=card).select_related("agent__user", "team", "handed_by").order_by("-started_at")
    )
    standing = [held for held in assignments if not held.undone_at]
    return CardPage(
        card=card,
        today=today,
        open_assignment=next((held for held in standing if held.ended_at is None), None),
        holdings=[Holding(held, _days(held, today)) for held in standing],
        changes=list(CardChange.objects.filter(card=card).select_related("actor", "reversed_by")[:CHANGES]),
        alerts=list(Alert.objects.open().filter(card=card).order_by("due_at", "-id")),
        trend=list(RiskDay.objects.filter(card=card).order_by("-day")[:TREND_DAYS]),
        limits=_limits(card),
    )


def _days(held: Assignment, today: date) -> int:
    ended = business_day(held.ended_at) if held.ended_at else today
    return (ended - business_day(held.started_at)).days


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
