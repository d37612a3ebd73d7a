"""Which days of call records ought to be there by now, and until when a carrier still gives them.

Carriers keep raw details five months without the present one (domain.md section 2, "Records kept by carrier").
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cardfleet.kernel.clock import month_start, next_month

Every = Literal["monthly", "weekly", "daily"]
MONTHS_KEPT = 5
LOOKED_BACK = {"weekly": 8, "daily": 7}
LAST_CALL_DAYS = 10


@dataclass(frozen=True)
class Span:
    """Days that are delivered at once, both ends included, and the last day on which a carrier still has them."""

    first: date
    last: date
    kept_until: date

    def is_last_call(self, today: date) -> bool:
        """Whether the carrier drops these days soon."""
        return today > self.kept_until - timedelta(days=LAST_CALL_DAYS)


def due_spans(every: Every, *, within_days: int, today: date) -> list[Span]:
    """Return the spans that ended at least `within_days` ago and that carriers still keep, the earliest first."""
    ended = [span for span in _ended(every, today) if span.last + timedelta(days=within_days) <= today]
    return sorted((span for span in ended if span.kept_until >= today), key=lambda span: span.first)


def lacking(spans: Iterable[Span], delivered: Iterable[tuple[date, date]]) -> list[Span]:
    """Return the spans of which no delivered file (its first and last day) holds a day."""
    files = list(delivered)
    return [span for span in spans if not any(first <= span.last and last >= span.first for first, last in files)]


def _ended(every: Every, today: date) -> Iterator[Span]:
    last = _end_before(every, today)
    for _number in range(LOOKED_BACK.get(every, MONTHS_KEPT)):
        first = {"monthly": month_start(last), "weekly": last - timedelta(days=6), "daily": last}[every]
        yield Span(first, last, _kept_until(last))
        last = first - timedelta(days=1)


def _end_before(every: Every, today: date) -> date:
    """Return the last day of the last span that has ended."""
    if every == "monthly":
        return month_start(today) - timedelta(days=1)
    return today - timedelta(days=1 if every == "daily" else today.isoweekday())


def _kept_until(last: date) -> date:
    month = month_start(last)
    for _number in range(MONTHS_KEPT + 1):
        month = next_month(month)
    return month - timedelta(days=1)
