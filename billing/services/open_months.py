"""Posting and closing beside each other: who posts keeps months open, who closes waits until nobody does."""

from datetime import date, datetime

from django.db import connection

from agents.services.assignments import open_months_from
from billing.errors import MonthClosed
from billing.models.closing import CLOSING_LOCK
from billing.selectors.closing import closed_until, is_closed
from cardfleet.kernel.clock import day_start, next_month

SHARED = f"SELECT pg_advisory_xact_lock_shared({CLOSING_LOCK})"
ALONE = f"SELECT pg_advisory_xact_lock({CLOSING_LOCK})"


def keep_open() -> None:
    """Let no month be closed for the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED)


def close_alone() -> None:
    """Wait until nobody posts, and let nobody post for the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE)


def refuse_closed(month: date) -> None:
    """Refuse what would change a closed month. MonthClosed."""
    if is_closed(month):
        raise MonthClosed


def open_since(now: datetime) -> datetime:
    """Return from when on calls may still be attributed: hand-outs are open there, and so is the ledger."""
    last = closed_until()
    handed_out = open_months_from(now)
    return handed_out if last is None else max(handed_out, day_start(next_month(last)))
