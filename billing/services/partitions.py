"""Partitions of the table of call records, a month or a day each (design, section 5)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection
from psycopg2 import sql

from billing.selectors.partitions import (
    TABLE,
    Span,
    existing_partitions,
    missing_for,
    missing_partitions,
    partitions_before,
)
from cardfleet.kernel.clock import day_start, month_start, next_month
from cardfleet.kernel.owning import analyse, as_owner

AHEAD_MONTHS = 3
# Made apart and attached, because CREATE ... PARTITION OF would lock out every reader of the table.
CREATE = "CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
# The planner knows nothing of a table until it was analysed once, and takes it for empty.
UNKNOWN = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s::regclass AND c.reltuples < 0 AND pg_relation_size(c.oid) > 0
"""
ATTACH = "ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})"


def ensure_partitions(first: date, last: date) -> int:
    """Make the missing partitions for the Shanghai days `first` to `last`, both included; return how many."""
    return _make(missing_partitions(first, last))


def ensure_days(days: Iterable[date]) -> int:
    """Make the missing partitions in which calls of these Shanghai days are stored; return how many."""
    return _make(missing_for(days))


def ensure_ahead(today: date) -> int:
    """Make the partitions of this month and the three after it; return how many were missing."""
    end = month_start(today)
    for _month in range(AHEAD_MONTHS + 1):
        end = next_month(end)
    return ensure_partitions(month_start(today), end - timedelta(days=1))


def drop_before(first_kept: date) -> dict[str, int]:
    """Drop the partitions of the months before one, days too; return by month how many calls went with them.

    Readers of the table wait until the transaction ends.
    """
    dropped: dict[str, int] = {}
    with as_owner(), connection.cursor() as cursor:
        for name, month in partitions_before(first_kept):
            table = sql.Identifier(name)
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(table))
            dropped[month] = dropped.get(month, 0) + cursor.fetchone()[0]
            cursor.execute(sql.SQL("DROP TABLE {}").format(table))
    return dropped


def analyse_new() -> None:
    """Let the planner know partitions that were filled and never analysed, so that rollups are reckoned fast."""
    with connection.cursor() as cursor:
        cursor.execute(UNKNOWN, [TABLE])
        unknown = cursor.fetchall()
    for (name,) in unknown:
        analyse(name, "card_id", "started_at")


def _make(spans: dict[str, Span]) -> int:
    if spans:
        with as_owner(), connection.cursor() as cursor:
            # Two imports that need the same month make it once.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{TABLE}.partitions"])
            known = existing_partitions()
            for name in sorted(spans.keys() - known):
                start, end = (day_start(day).isoformat() for day in spans[name])
                names = {"name": sql.Identifier(name), "table": sql.Identifier(TABLE)}
                cursor.execute(sql.SQL(CREATE).format(**names))
                bounds = {"start": sql.Literal(start), "end": sql.Literal(end)}
                cursor.execute(sql.SQL(ATTACH).format(**names, **bounds))
    return len(spans)
