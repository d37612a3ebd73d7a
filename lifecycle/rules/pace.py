"""Calls of a day against the cap, hour by hour: what happened, and what comes at the present pace (R31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cardfleet.kernel.clock import SHANGHAI, business_day, month_bounds
from lifecycle.rules.hours import ALLOWED, hour_states

OFFICE_HOURS = range(9, 20)
"""Hours shown where no calling window is set."""
LEAST_SEEN = 0.25
"""Open hours that must have passed before a pace means anything."""
WARN_AT, FULL_AT = 80, 100
LEVELS = (0, 20, 40, WARN_AT, FULL_AT)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Hours of the strip, the last one included. A shut span is outside the calling hours and one grey block."""

    first: int
    last: int
    is_shut: bool = False

    @property
    def width(self) -> int:
        """How many hours."""
        return self.last - self.first + 1


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The share of the cap used by the end of a span, in whole per cent; None where nothing can be said."""

    span: Span
    share: int | None
    is_forecast: bool

    @property
    def level(self) -> int:
        """The step of colour: 0, 20, 40, 80, 100."""
        return max(step for step in LEVELS if step <= (self.share or 0))

    @property
    def tone(self) -> str:
        """The colour of a forecast that comes near the cap, or over it."""
        if self.share is None or self.share < WARN_AT:
            return ""
        return "red" if self.share >= FULL_AT else "orange"


def this_month(now: datetime, value: Decimal | None, limit: Decimal | None) -> datetime | None:
    """Return when what has grown since the first of the month comes to its limit at the same pace; None if later."""
    if not value or limit is None or value >= limit:
        return None
    start, end = month_bounds(business_day(now))
    moment = start + (now - start) * float(limit / value)
    return moment if moment < end else None


def spans(params: Mapping[str, Any]) -> tuple[Span, ...]:
    """Return the hours from the first to the last allowed one, each alone, shut ones between them as blocks."""
    states = hour_states(params)
    open_hours = [hour for hour in range(24) if states[hour] == ALLOWED] or list(OFFICE_HOURS)
    found: list[Span] = []
    for hour in open_hours:
        if found and hour > found[-1].last + 1:
            found.append(Span(first=found[-1].last + 1, last=hour - 1, is_shut=True))
        found.append(Span(first=hour, last=hour))
    return tuple(found)


def cells(calls: Sequence[int], *, cap: int, hours: Sequence[Span], seen_until: datetime | None) -> tuple[Cell, ...]:
    """Return the strip of one team. `calls` are 24 counts; `seen_until` is the last call known of anybody today.

    An hour that has begun shows what is known; later ones what comes at the mean pace of the open hours so far.
    """
    seen = _clock(seen_until)
    done = sum(calls)
    passed = _open_until(seen, hours)
    pace = done / passed if passed >= LEAST_SEEN else None
    return tuple(_cell(span, calls, cap, _coming(pace, span, seen, hours), seen) for span in hours)


def _cell(span: Span, calls: Sequence[int], cap: int, coming: float | None, seen: float) -> Cell:
    if span.is_shut:
        return Cell(span=span, share=None, is_forecast=False)
    if span.first < seen:
        return Cell(span=span, share=_per_cent(sum(calls[: span.last + 1]), cap), is_forecast=False)
    total = None if coming is None else sum(calls) + coming
    return Cell(span=span, share=_per_cent(total, cap), is_forecast=True)


def _coming(pace: float | None, span: Span, seen: float, hours: Sequence[Span]) -> float | None:
    return None if pace is None else pace * (_open_until(span.last + 1, hours) - _open_until(seen, hours))


def _open_until(clock: float, hours: Sequence[Span]) -> float:
    """Return how many open hours have passed at a time of day."""
    return sum(min(max(clock - span.first, 0), span.width) for span in hours if not span.is_shut)


def _clock(moment: datetime | None) -> float:
    if moment is None:
        return 0
    local = moment.astimezone(SHANGHAI)
    return local.hour + local.minute / 60 + local.second / 3600


def _per_cent(calls: float | None, cap: int) -> int | None:
    return round(calls * 100 / cap) if calls is not None and cap else None
