"""What a month will have cost at its end: fees stay, calls go on at their pace (R5, R66, R68)."""

from datetime import date
from decimal import Decimal

from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.money import to_fen


def month_end(*, so_far: Decimal, calls: Decimal, today: date) -> Decimal:
    """Return CNY at the end of the month of `today`: all that was charged so far, of which `calls` went on calls."""
    days = (next_month(today) - month_start(today)).days
    return to_fen(so_far + calls * (days - today.day) / today.day)
