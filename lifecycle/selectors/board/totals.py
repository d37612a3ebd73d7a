"""The tiles' numbers, what the month has cost, and as of when the board is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum, Value

from billing.choices import EntryKind
from billing.models import LedgerEntry, UsageBatch
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job, ScheduledRun
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.money import ZERO, to_fen
from cards.models import Card

CLOCKED, ASKED = "assess_suspension_risk", "lifecycle.assess"
"""How the assessment is called where it runs by the clock, and where a person asks for it."""
STALE_AFTER = timedelta(hours=3)
CHARGES = (EntryKind.USAGE, EntryKind.MONTHLY_FEE, EntryKind.OTHER_CHARGE)


def count_lists(lists: Mapping[str, QuerySet[Card]]) -> dict[str, int]:
    """Return how many cards each list holds, all in one statement."""
    parts = [
        cards.order_by().annotate(list=Value(name)).values("list").annotate(count=Count("pk", distinct=True))
        for name, cards in lists.items()
    ]
    return dict(parts[0].union(*parts[1:], all=True).values_list("list", "count"))


@dataclass(frozen=True, kw_only=True)
class MonthCost:
    """What cards were charged this month so far, CNY, by the team that has them now, dearest first."""

    total: Decimal
    forecast: Decimal
    elapsed: int
    teams: Sequence[tuple[int | None, str, Decimal]]


def month_cost(cards: QuerySet[Card], *, today: date) -> MonthCost:
    """Return the charges of a scope's cards in the month of `today`, in one statement; reversed ones do not count."""
    charged = Q(kind__in=CHARGES) | Q(kind=EntryKind.REVERSAL, reverses__kind__in=CHARGES)
    entries = LedgerEntry.objects.filter(charged, month=month_start(today), card__in=cards).order_by()
    sums = entries.values_list("card__team", "card__team__name").annotate(sum=Sum("amount"))
    teams = sorted(((pk, name or "", -amount) for pk, name, amount in sums), key=lambda team: -team[2])
    total = sum((amount for _, _, amount in teams), ZERO)
    days = (next_month(today) - month_start(today)).days
    return MonthCost(
        total=total,
        forecast=to_fen(total * days / today.day),
        elapsed=today.day * 100 // days,
        teams=teams,
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
