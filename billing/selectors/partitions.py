"""Which partitions the table of call records has, and which it lacks."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from cardfleet.kernel.clock import month_start, next_month

TABLE = "billing_usagerecord"
EXISTING = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"

Span = tuple[date, date]


def existing_partitions() -> set[str]:
    """Return the names of the partitions there are."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING, [TABLE])
        return {row[0] for row in cursor.fetchall()}


def missing_partitions(first: date, last: date) -> dict[str, Span]:
    """Return the days [start, end) by name of the partitions that the Shanghai days `first` to `last` lack."""
    return missing_for(first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def missing_for(days: Iterable[date]) -> dict[str, Span]:
    """Return the partitions that some days lack."""
    known = existing_partitions()
    return {name: span for name, span in (_partition(day, known) for day in days) if name not in known}


def partitions_before(first_kept: date) -> list[tuple[str, str]]:
    """Return the partitions of the months before one, oldest first, each with its month as `2026-11`."""
    first = f"{TABLE}_{first_kept:%Y%m}"
    digits = len(TABLE) + 1
    old = (name for name in sorted(existing_partitions()) if name < first)
    return [(name, f"{name[digits:][:4]}-{name[digits:][4:6]}") for name in old]


def _partition(day: date, known: set[str]) -> tuple[str, Span]:
    """Return the name and the days [start, end) of the partition that holds a day.

    A month keeps the form it has, so that the setting may change between months.
    """
    month = f"{TABLE}_{day:%Y%m}"
    in_days = settings.USAGE_PARTITION == "day" or any(name.startswith(month) for name in known)
    if month in known or not in_days:
        return month, (month_start(day), next_month(day))
    return f"{month}{day:%d}", (day, day + timedelta(days=1))
