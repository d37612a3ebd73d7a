"""The late fee of a bill beside what was overdue: 3 per mille a day (电信条例, art. 34). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing.choices import BillItem, DifferenceKind
from billing.rules.bill_check import ROUNDING, Billed, Difference
from billing.rules.runway import late_fee
from cardfleet.kernel.clock import next_month
from cardfleet.kernel.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An earlier bill: its total in CNY, until when it was to be paid, and when it was paid in full (None: not yet)."""

    total: Decimal
    due_on: date
    paid_on: date | None = None


def highest_late_fee(owed: Sequence[Owed], *, since: date, until: date) -> Decimal:
    """Return the most that may be asked for the days from one to another of what was overdue then, CNY."""
    before = since - timedelta(days=1)
    return sum(
        (late_fee(one.total, days=(min(one.paid_on or until, until) - max(one.due_on, before)).days) for one in owed),
        ZERO,
    )


def check_late_fee(
    lines: Sequence[Billed], owed: Sequence[Owed] | None, *, since: date, until: date
) -> list[Difference]:
    """Return where a whole bill asks for a higher late fee than was overdue, or for none; `owed` None: not known.

    The days go from the first one of its month to the one it was issued on, so that a fee for fewer of them is never
    called wrong: the law says what a carrier may ask at most. Where it asks for nothing the fee of the month's own
    days is told, for it may come on the next bill.
    """
    billed = sum((line.amount for line in lines if line.item == BillItem.LATE_FEE), ZERO)
    if owed is None:
        return []
    if not billed:
        month_end = next_month(since) - timedelta(days=1)
        lacking = highest_late_fee(owed, since=since, until=min(until, month_end))
        return [_late_fee(DifferenceKind.BILLED_TOO_LITTLE, billed, lacking)] if lacking > ROUNDING else []
    right = highest_late_fee(owed, since=since, until=until)
    return [_late_fee(DifferenceKind.LATE_FEE_TOO_HIGH, billed, right)] if billed - right > ROUNDING else []


def _late_fee(kind: DifferenceKind, billed: Decimal, right: Decimal) -> Difference:
    return Difference(kind=kind, item=BillItem.LATE_FEE, billed=billed, expected=right, amount=billed - right)
