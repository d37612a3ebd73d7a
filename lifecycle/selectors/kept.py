"""Figures of a large fleet as pages and the API tell them: counted anew at most so often, by `counted.kept`."""

from collections.abc import Sequence
from datetime import date, datetime

from billing.selectors.batches import stored_last
from billing.selectors.cost_rows import CostBy, CostReport
from billing.selectors.costs import month_costs
from cardfleet.accounts.counted import Kept, kept
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cards.models import Card
from cards.selectors.inspections import inspections_due
from lifecycle.selectors.board.strip import Strip, calls_by_hour
from lifecycle.selectors.board.totals import MonthCost, freshness, month_cost
from lifecycle.selectors.scorecard import Score, scorecard

HOURS_S, COST_S, INSPECTIONS_S, SCORES_S = 60, 300, 60, 300


def kept_cost(person: User, *, now: datetime) -> MonthCost:
    """Return what the month has cost in a person's scope."""
    today = business_day(now)

    def made() -> tuple[CostReport, int]:
        return month_costs(today, CostBy.TEAM, user=person), Card.objects.visible_to(person).count()

    report = kept("cost", person, made, seconds=COST_S, now=now, told=(today, freshness(now=now)), of_scope=True).made
    return month_cost(report, person, today=today)


def kept_hours(person: User, *, now: datetime) -> Strip:
    """Return today's calls against the caps; the same for a minute unless calls or an assessment came in."""
    cards = Card.objects.visible_to(person)
    told = (business_day(now), freshness(now=now))

    def made() -> tuple[Strip, int]:
        return calls_by_hour(cards, now=now), cards.count()

    return kept("hours", person, made, seconds=HOURS_S, now=now, told=told).made


def kept_inspections(person: User, *, now: datetime) -> int:
    """Return how many cards are to be looked at."""
    cards, today = Card.objects.visible_to(person), business_day(now)

    def made() -> tuple[int, int]:
        return inspections_due(cards, today=today).count(), cards.count()

    return kept("inspections", person, made, seconds=INSPECTIONS_S, now=now, told=(today,)).made


def kept_scores(person: User, *, month: date, now: datetime, anew: bool = False) -> Kept[Sequence[Score]]:
    """Return the carriers' month (its first day) in a person's scope."""

    def made() -> tuple[Sequence[Score], int]:
        found = scorecard(month, user=person, now=now)
        return found, sum(score.cards for score in found)

    told = (business_day(now), stored_last())
    return kept(f"carriers-{month:%Y-%m}", person, made, seconds=SCORES_S, now=now, told=told, anew=anew)
