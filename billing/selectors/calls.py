"""A card's calls by day for its page: the role that saw most calls speaks for a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.models import UsageDaily, UsageRecord


@dataclass(frozen=True)
class CallDay:
    """A Shanghai day: outgoing calls, answered ones, different callees, seconds."""

    day: date
    calls: int
    answered: int
    callees: int
    seconds: int


def calls_stored(card_id: int, *, since: datetime, until: datetime) -> bool:
    """Tell whether calls of a card are stored in [since, until)."""
    return UsageRecord.objects.filter(card=card_id, started_at__gte=since, started_at__lt=until).exists()


def call_days(card_id: int, *, today: date, days: int = 30) -> Sequence[CallDay]:
    """Return the last days up to and including today, one row a day, those without calls as nil."""
    first = today - timedelta(days=days - 1)
    seen: dict[date, UsageDaily] = {}
    rows = UsageDaily.objects.filter(card_id=card_id, day__range=(first, today))
    for row in rows.order_by("day", "calls"):
        seen[row.day] = row
    return [_day(first + timedelta(days=offset), seen) for offset in range(days)]


def call_hours(card_id: int, *, day: date) -> Sequence[int]:
    """Return the outgoing calls of a day by hour, 24 values."""
    rows = UsageDaily.objects.filter(card_id=card_id, day=day).order_by("-calls")
    return rows.values_list("hours", flat=True).first() or [0] * 24


def _day(day: date, seen: dict[date, UsageDaily]) -> CallDay:
    row = seen.get(day)
    return CallDay(day, row.calls, row.answered, row.distinct_callees, row.seconds) if row else CallDay(day, 0, 0, 0, 0)
