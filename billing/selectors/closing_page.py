"""Months as finance closes them: those that are closed, the one to be closed next, those after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum

from billing.choices import COST_KINDS
from billing.models import ClosedMonth, LedgerEntry
from billing.selectors.closing_checks import Found, closing_checks, first_open_month
from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.money import ZERO

COSTS = Q(kind__in=COST_KINDS) | Q(kind="reversal", reverses__kind__in=COST_KINDS)


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """A month: what it cost (CNY), what of that is about closed months, and how it was closed where it was."""

    month: date
    cost: Decimal
    late: Decimal
    closed: ClosedMonth | None = None

    @property
    def first_day(self) -> str:
        """The month as filters take it."""
        return self.month.isoformat()


@dataclass(frozen=True, kw_only=True)
class Closing:
    """The months, newest first, and the one to close with what was found about it; None where no entry is."""

    months: Sequence[MonthLine]
    following: date | None
    found: Sequence[Found]

    @property
    def is_blocked(self) -> bool:
        """Whether something must be settled first."""
        return any(one.blocks for one in self.found)


def closing(*, now: datetime, months: int = 24) -> Closing:
    """Return the last `months` months with what each cost, and what stands against closing the next one."""
    following = first_open_month()
    closed = {one.month: one for one in ClosedMonth.objects.select_related("closed_by")[:months]}
    first = min([*closed, *([following] if following else [])], default=None)
    lines = list(_lines(first, closed, now)) if first else []
    found = closing_checks(following, now=now) if following else []
    return Closing(months=lines[::-1][:months], following=following, found=found)


def _lines(first: date, closed: dict[date, ClosedMonth], now: datetime) -> list[MonthLine]:
    costs = {month: (-cost, -(late or ZERO)) for month, cost, late in _sums(first)}
    lines = []
    month, last = first, max([month_start(business_day(now)), *closed])
    while month <= last:
        cost, late = costs.get(month, (ZERO, ZERO))
        lines.append(MonthLine(month=month, cost=cost, late=late, closed=closed.get(month)))
        month = next_month(month)
    return lines


def _sums(first: date) -> list[tuple[date, Decimal, Decimal | None]]:
    costs = LedgerEntry.objects.filter(COSTS, month__gte=first).order_by().values("month")
    sums = costs.annotate(cost=Sum("amount"), late=Sum("amount", filter=Q(of_month__isnull=False)))
    return list(sums.values_list("month", "cost", "late"))
