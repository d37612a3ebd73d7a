"""What stands against closing a month, and what is still open in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Min

from billing.choices import (
    BatchState,
    BillState,
    ClaimState,
    ClosingCheck,
    DisputeState,
    StatementState,
    TopUpState,
)
from billing.models import Bill, BillStatement, Claim, Dispute, LedgerEntry, TopUpRequest, UsageBatch, UsageReject
from billing.selectors.closing import closed_until
from billing.selectors.expectations import expected
from cardfleet.kernel.clock import business_day, month_bounds, next_month

UNPOSTED = """
WITH owed AS (
    SELECT card_id, sum(amount) AS amount FROM billing_usagecharge
    WHERE counts AND day >= %(month)s AND day < %(end)s GROUP BY 1
), posted AS (
    SELECT card_id, -sum(amount) AS amount FROM billing_ledgerentry
    WHERE kind = 'usage' AND month = %(month)s AND of_month IS NULL GROUP BY 1
)
SELECT count(*) FROM owed FULL JOIN posted USING (card_id)
WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0)
"""


@dataclass(frozen=True)
class Found:
    """How many of something a check found."""

    check: ClosingCheck
    count: int

    @property
    def blocks(self) -> bool:
        """Whether it must be settled first; else it is enough that somebody saw it."""
        return self.check in BLOCKING


BLOCKING = frozenset({ClosingCheck.NOT_OVER, ClosingCheck.EARLIER_OPEN, ClosingCheck.WAITING, ClosingCheck.UNPOSTED})


def first_open_month() -> date | None:
    """Return the month to be closed next: the one after the last closed, else the first with entries."""
    if last := closed_until():
        return next_month(last)
    first: date | None = LedgerEntry.objects.aggregate(first=Min("month"))["first"]
    return first


def closing_checks(month: date, *, now: datetime) -> list[Found]:
    """Return what was found about a month (its first day), what blocks first; nothing where all is settled."""
    counted = [Found(check, count(month, now)) for check, count in COUNTS.items()]
    return [found for found in counted if found.count]


def _not_over(month: date, now: datetime) -> int:
    return int(next_month(month) > business_day(now))


def _earlier_open(month: date, _now: datetime) -> int:
    first = first_open_month()
    if first is None or first >= month:
        return 0
    return (month.year - first.year) * 12 + month.month - first.month


def _waiting(_month: date, _now: datetime) -> int:
    return UsageBatch.objects.filter(state__in=(BatchState.RECEIVED, BatchState.PENDING)).count()


def _unposted(month: date, _now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(UNPOSTED, {"month": month, "end": next_month(month)})
        return int(cursor.fetchone()[0])


def _failed(month: date, _now: datetime) -> int:
    """Count failed files that came since the month began and were not stored in another try."""
    since = UsageBatch.objects.filter(created_at__gte=month_bounds(month)[0])
    stored = since.filter(state=BatchState.STORED).values("sha256")
    return since.filter(state=BatchState.FAILED).exclude(sha256__in=stored).count()


def _refused_rows(month: date, _now: datetime) -> int:
    starts, ends = month_bounds(month)
    batches = UsageBatch.objects.filter(state=BatchState.STORED, first_at__lt=ends, last_at__gte=starts)
    return UsageReject.objects.filter(batch__in=batches, settled_by__isnull=True).count()


def _lacking(month: date, now: datetime) -> int:
    last = next_month(month)
    sources = expected(today=business_day(now))
    return sum(1 for one in sources if any(span.first < last and span.last >= month for span in one.lacks))


def _bills(month: date, _now: datetime) -> int:
    return Bill.objects.filter(month=month, state=BillState.CHECKED).count()


def _statements(month: date, _now: datetime) -> int:
    waiting = (StatementState.RECEIVED, StatementState.PENDING)
    return BillStatement.objects.filter(month=month, state__in=waiting).count()


def _disputes(month: date, _now: datetime) -> int:
    return Dispute.objects.filter(state=DisputeState.OPEN, differences__bill__month=month).distinct().count()


def _claims(month: date, _now: datetime) -> int:
    return Claim.objects.filter(month=month, state__in=(ClaimState.SUBMITTED, ClaimState.APPROVED)).count()


def _top_ups(month: date, _now: datetime) -> int:
    return TopUpRequest.objects.filter(state=TopUpState.PAID, paid_at__lt=month_bounds(month)[1]).count()


COUNTS: dict[ClosingCheck, Callable[[date, datetime], int]] = {
    ClosingCheck.NOT_OVER: _not_over,
    ClosingCheck.EARLIER_OPEN: _earlier_open,
    ClosingCheck.WAITING: _waiting,
    ClosingCheck.UNPOSTED: _unposted,
    ClosingCheck.FAILED: _failed,
    ClosingCheck.REFUSED_ROWS: _refused_rows,
    ClosingCheck.LACKING: _lacking,
    ClosingCheck.STATEMENTS: _statements,
    ClosingCheck.BILLS: _bills,
    ClosingCheck.DISPUTES: _disputes,
    ClosingCheck.CLAIMS: _claims,
    ClosingCheck.TOP_UPS: _top_ups,
}
