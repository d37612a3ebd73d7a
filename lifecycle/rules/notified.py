"""The notified-number rate: notified numbers over numbers that called, by period (华翔联信 annex cl. 4)."""

from datetime import date, timedelta
from decimal import Decimal

FIRST_DAY = 26
HUNDRED = Decimal(100)


def period_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the period of a day: from the 26th to the 25th of the next month."""
    first = day.replace(day=FIRST_DAY)
    if day.day < FIRST_DAY:
        first = (day.replace(day=1) - timedelta(days=1)).replace(day=FIRST_DAY)
    last = (first.replace(day=1) + timedelta(days=32)).replace(day=FIRST_DAY - 1)
    return first, last


def notified_rate(notified: int, calling: int) -> Decimal | None:
    """Return per cent to two decimals; None where no number called. Never above 100."""
    if not calling:
        return HUNDRED if notified else None
    return min(HUNDRED, (notified * HUNDRED / calling)).quantize(Decimal("0.01"))
