"""Which months are closed: those up to the last one that was."""

from datetime import date

from django.db.models import Max

from billing.models import ClosedMonth
from cardfleet.kernel.clock import month_start, next_month


def closed_until() -> date | None:
    """Return the last closed month; it and all before it take no entries."""
    last: date | None = ClosedMonth.objects.aggregate(last=Max("month"))["last"]
    return last


def is_closed(month: date) -> bool:
    """Return whether the month of a day takes no entries any more."""
    last = closed_until()
    return last is not None and month_start(month) <= last


def open_month_for(month: date) -> date:
    """Return the month of a day, or the first open one where that is closed."""
    last = closed_until()
    return month_start(month) if last is None else max(month_start(month), next_month(last))
