"""The tiles' numbers, what the month has cost, and as of when the board is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Value

from billing.models import UsageBatch
from billing.rules.forecast import month_end
from billing.selectors.budgets import of_month
from billing.selectors.cost_rows import CostReport, CostRow
from cardfleet.accounts.models import User
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job, ScheduledRun
from cardfleet.kernel.clock import month_start, next_month
from cards.models import Card

CLOCKED, ASKED = "assess_suspension_risk", "lifecycle.assess"
"""How the assessment is called where it runs by the clock, and where a person asks for it."""
TEAMS = 10
STALE_AFTER = timedelta(hours=3)


def count_lists(lists: Mapping[str, QuerySet[Card]]) -> dict[str, int]:
    """Return how many cards each list holds, all in one statement."""
    parts = [
        cards.order_by().annotate(list=Value(name)).values("list").annotate(count=Count("pk", distinct=True))
        for name, cards in lists.items()
    ]
    return dict(parts[0].union(*parts[1:], all=True).values_list("list", "count"))


@dataclass(frozen=True, kw_only=True)
class MonthCost:
    """The cost report of the month so far, by team; `forecast` CNY at its end, `elapsed` per cent of its days.

    `budget` is what the scope may cost, CNY; None where nobody set it.
    """

    report: CostReport
    forecast: Decimal
    elapsed: int
    budget: Decimal | None = None

    @property
    def dearest(self) -> Sequence[CostRow]:
        """The teams that cost most."""
        return sorted(self.report.rows, key=lambda row: -row.total)[:TEAMS]

    @property
    def more(self) -> int:
        """How many teams there are besides."""
        return max(len(self.report.rows) - TEAMS, 0)


def month_cost(report: CostReport, user: User, *, today: date) -> MonthCost:
    """Return the costs by team of the month of `today` in a person's scope: calls go on at their pace, fees stay."""
    days = (next_month(today) - month_start(today)).days
    held_against = of_month(user, today=today)
    return MonthCost(
        report=report,
        forecast=month_end(so_far=report.total.total, calls=report.total.calls, today=today),
        elapsed=today.day * 100 // days,
        budget=held_against.budget.amount if held_against else None,
    )


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """As of when the board is right: the last assessment and the last call records stored."""

    assessed_at: datetime | None
    usage_at: datetime | None
    is_stale: bool

    @property
    def as_of(self) -> datetime | None:
        """The later of the two."""
        return max((moment for moment in (self.assessed_at, self.usage_at) if moment), default=None)


def freshness(*, now: datetime) -> Freshness:
    """Return as of when, in one statement; stale after three hours without an assessment or call records."""
    clocked = _last("clocked", ScheduledRun.objects.filter(name=CLOCKED, ok=True), "started_at")
    asked = _last("asked", Job.objects.filter(kind=ASKED, state=JobState.DONE), "started_at")
    stored = _last("stored", UsageBatch.objects.all(), "stored_at")
    known = {name: moment for name, moment in clocked.union(asked, stored, all=True) if moment}
    latest = max(known.values(), default=None)
    return Freshness(
        assessed_at=max((moment for name, moment in known.items() if name != "stored"), default=None),
        usage_at=known.get("stored"),
        is_stale=latest is None or now - latest > STALE_AFTER,
    )


def _last(name: str, rows: QuerySet[Any], moment: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(of=Value(name)).values("of")
    found: QuerySet[Any, Any] = named.annotate(last=Max(moment)).values_list("of", "last")
    return found
