"""Partitions of the table of call records, a month or a day each (design, section 5)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

from cardfleet.kernel.clock import day_start, month_start, next_month

TABLE = "billing_usagerecord"
AHEAD_MONTHS = 3
EXISTING = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"
# Made apart and attached, because CREATE ... PARTITION OF would lock out every reader of the table.
CREATE = "CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
ATTACH = "ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})"


def ensure_partitions(first: date, last: date) -> int:
    """Make the missing partitions for the Shanghai days `first` to `last`, both included; return how many."""
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return ensure_days(days)


def ensure_days(days: Iterable[date]) -> int:
    """Make the missing partitions in which calls of these Shanghai days are stored; return how many."""
    known = existing()
    missing = {name: span for name, span in (_partition(day, known) for day in days) if name not in known}
    if missing:
        _make(missing)
    return len(missing)


def ensure_ahead(today: date) -> int:
    """Make the partitions of this month and the three after it; return how many were missing."""
    end = month_start(today)
    for _month in range(AHEAD_MONTHS + 1):
        end = next_month(end)
    return ensure_partitions(month_start(today), end - timedelta(days=1))


def existing() -> set[str]:
    """Return the names of the partitions there are."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING, [TABLE])
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _make(spans: dict[str, tuple[date, date]]) -> None:
    with connection.cursor() as cursor:
        # Two imports that need the same month make it once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{TABLE}.partitions"])
        for name in spans.keys() - existing():
            start, end = (day_start(day).isoformat() for day in spans[name])
            names = {"name": sql.Identifier(name), "table": sql.Identifier(TABLE)}
            cursor.execute(sql.SQL(CREATE).format(**names))
            bounds = {"start": sql.Literal(start), "end": sql.Literal(end)}
            cursor.execute(sql.SQL(ATTACH).format(**names, **bounds))


def _partition(day: date, known: set[str]) -> tuple[str, tuple[date, date]]:
    """Return the name and the days [start, end) of the partition that holds a day.

    A month keeps the form it has, so that the setting may change between months.
    """
    month = f"{TABLE}_{day:%Y%m}"
    in_days = settings.USAGE_PARTITION == "day" or any(name.startswith(month) for name in known)
    if month in known or not in_days:
        return month, (month_start(day), next_month(day))
    return f"{month}{day:%d}", (day, day + timedelta(days=1))
