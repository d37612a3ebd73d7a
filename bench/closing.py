"""G13: closing a month, beside a scan of its calls."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from bench import data
from bench.runner import Bench, Figure, against, take_turns
from billing.models import ClosedMonth
from billing.selectors.usage_sql import touch
from billing.services.closing import close_month
from billing.services.usage_posting import post_differences
from cardfleet.kernel.clock import business_day, day_start, month_start, next_month

CARDS, CALLS = 100_000, 10_000_000
SCAN = (
    "SELECT count(*), sum(duration_s) FROM billing_usagerecord WHERE started_at >= %(first)s AND started_at < %(end)s"
)
CHARGED = "SELECT DISTINCT card_id, day FROM billing_usagecharge WHERE counts AND day >= %(first)s AND day < %(end)s"


def close(bench: Bench) -> Iterator[Figure]:
    """G13: last month, whose calls and fees are posted, closed in a transaction that is undone; nothing was summed."""
    this_month = month_start(business_day(timezone.now()))
    month = month_start(this_month - timedelta(days=1))
    data.cards(bench.scaled(CARDS, least=20))
    data.calls(bench.scaled(CALLS, least=1000), until=this_month, days=(this_month - month).days)
    _post(month)
    span = {"first": day_start(month), "end": day_start(next_month(month))}
    taken = take_turns({"close": lambda: _closed(month), "scan": lambda: _scanned(span)}, rounds=bench.rounds)
    yield against(taken, "close", "scan").figure("G13 closing a month / scan of its calls", bar=None)


def _post(month: date) -> None:
    """Post what the charges say, as imports do; nothing where that was done."""
    now = timezone.now()
    with transaction.atomic():
        touch(CHARGED, {"first": month, "end": next_month(month)})
        post_differences(key="bench", actor=None, now=now)
    data.analyse("billing_ledgerentry")


def _closed(month: date) -> None:
    with transaction.atomic():
        now = timezone.now()
        ClosedMonth.objects.create(month=month_start(month - timedelta(days=1)), closed_at=now)
        close_month(month=month, actor=None, now=now, is_seen=True)
        transaction.set_rollback(True)


def _scanned(span: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SCAN, span)
        cursor.fetchall()


MEASURES = {"G13": close}
