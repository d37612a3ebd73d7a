"""The cost report as a page shows it: of a large fleet the same for minutes, unless calls came in; and six months."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from billing.selectors.batches import stored_last
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostReport
from cardfleet.accounts.counted import Kept, kept
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, month_start

KEPT_S = 300
# Rows of a page; the export has all.
SHOWN = 200
TREND_MONTHS = 6
# The first month that can be written (cardfleet.kernel.clock.MONTH).
EARLIEST = date(2000, 1, 1)


def kept_report(wanted: Wanted, *, user: User, now: datetime, anew: bool = False) -> Kept[CostReport]:
    """Return the report of a person's scope with its dearest rows, and since when it stands."""

    def counted() -> tuple[CostReport, int]:
        report = cost_report(wanted, user=user, rows=SHOWN)
        return report, report.total.cards

    told = (business_day(now), stored_last())
    return kept(f"costs-{wanted.address}", user, counted, seconds=KEPT_S, now=now, told=told, anew=anew)


def cost_trend(month: date, *, user: User, now: datetime, anew: bool = False) -> Sequence[CostReport]:
    """Return the reports by team of a month and the five before it, the earliest first; none before the year 2000."""
    months = [month]
    while len(months) < TREND_MONTHS and months[0] > EARLIEST:
        months.insert(0, month_before(months[0]))
    return [kept_report(Wanted(month=each), user=user, now=now, anew=anew).made for each in months]


def month_before(month: date) -> date:
    """Return the first day of the month before one."""
    return month_start(month - timedelta(days=1))
