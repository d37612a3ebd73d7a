"""G13: closing a month; G14: rating one; G15: the best plans of a fleet; each beside a scan of the month's calls."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from bench import data
from bench.runner import Bench, Figure, against, take_turns
from billing.models import ClosedMonth
from billing.selectors.usage_sql import touch
from billing.services.closing import close_month
from billing.services.plan_advice import advise_plans
from billing.services.rating import rate_month
from billing.services.usage_posting import post_differences
from cardfleet.kernel.clock import business_day, day_start, month_start, next_month

CARDS, CALLS = 100_000, 10_000_000
SCAN = (
    "SELECT count(*), sum(duration_s) FROM billing_usagerecord WHERE started_at >= %(first)s AND started_at < %(end)s"
)
CHARGED = "SELECT DISTINCT card_id, day FROM billing_usagecharge WHERE counts AND day >= %(first)s AND day < %(end)s"
OURS = """
UPDATE billing_usagesource SET role = 'switch';
UPDATE billing_usagecharge SET role = 'switch' WHERE counts AND day >= %(first)s AND day < %(end)s
"""


def close(bench: Bench) -> Iterator[Figure]:
    """G13: last month, whose calls and fees are posted, closed in a transaction that is undone; nothing was summed."""
    month = _last_month(bench)
    _post(month)
    taken = take_turns({"close": lambda: _closed(month), "scan": lambda: _scanned(month)}, rounds=bench.rounds)
    yield against(taken, "close", "scan").figure("G13 closing a month / scan of its calls", bar=None)


def rate(bench: Bench) -> Iterator[Figure]:
    """G14: last month rated when a carrier charged its calls, and when none did; undone."""
    month = _last_month(bench)
    for words, own in (("calls their carrier charged", False), ("calls nobody charged", True)):
        with transaction.atomic():
            if own:
                _leave_to_us(month)
            taken = take_turns({"rate": lambda: _rated(month), "scan": lambda: _scanned(month)}, rounds=bench.rounds)
            transaction.set_rollback(True)
        yield against(taken, "rate", "scan").figure(f"G14 rating a month of {words} / scan of them", bar=None)


def advise(bench: Bench) -> Iterator[Figure]:
    """G15: what each card would have cost on every plan of its carrier, and the best move; undone."""
    month = _last_month(bench)
    taken = take_turns({"advise": _advised, "scan": lambda: _scanned(month)}, rounds=bench.rounds)
    yield against(taken, "advise", "scan").figure("G15 best plans of the fleet / scan of a month's calls", bar=None)


def _last_month(bench: Bench) -> date:
    """Return the first day of the last month, which has its calls."""
    this_month = month_start(business_day(timezone.now()))
    month = month_start(this_month - timedelta(days=1))
    data.cards(bench.scaled(CARDS, least=20))
    data.calls(bench.scaled(CALLS, least=1000), until=this_month, days=(this_month - month).days)
    return month


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


def _leave_to_us(month: date) -> None:
    """Have the month's calls from an exchange, which says no fees."""
    with connection.cursor() as cursor:
        cursor.execute(OURS, {"first": month, "end": next_month(month)})


def _rated(month: date) -> None:
    with transaction.atomic():
        rate_month(month=month, actor=None, now=timezone.now())
        transaction.set_rollback(True)


def _advised() -> None:
    with transaction.atomic():
        advise_plans(now=timezone.now())
        transaction.set_rollback(True)


def _scanned(month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SCAN, {"first": day_start(month), "end": day_start(next_month(month))})
        cursor.fetchall()


MEASURES = {"G13": close, "G14": rate, "G15": advise}
