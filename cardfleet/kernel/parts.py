"""Rows in several orders, one after another, as one list: a page of it reads no more of each than it shows."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

PART = """part_{n} (id) AS MATERIALIZED (
    SELECT * FROM ({rows} LIMIT %s OFFSET {skipped}) AS rows_{n} WHERE {found_before} < %s
)"""
PAGE = "WITH {parts} SELECT id FROM ({listed}) AS listed ORDER BY part, place LIMIT %s"
LISTED = "SELECT id, {n} AS part, row_number() OVER () AS place FROM part_{n}"
# How many rows stand before the page is counted only where the parts before it do not fill it.
SKIPPED = "(SELECT greatest(0, %s - {counts}))"
FOUND = "(SELECT count(*) FROM part_{n})"
COUNT = "(SELECT count(*) FROM ({rows}) AS before_{n})"


class InParts:
    """Ids of several querysets that have no row in common, each in its own order, to be sliced; one statement a slice.

    A part is read only where those before it do not fill the slice, and with a plain limit, so that the planner takes
    it from an index in its order.
    """

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def __getitem__(self, part: slice) -> list[int]:
        """Return the ids of a slice with a start and an end."""
        size = part.stop - part.start
        rows = []
        for ids in self.parts:
            with suppress(EmptyResultSet):
                rows.append(ids.query.sql_with_params())
        if not rows:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*_page(rows, start=part.start, size=size))
            return [found for (found,) in cursor]


def _page(rows: Sequence[tuple[str, Sequence[Any]]], *, start: int, size: int) -> tuple[str, list[Any]]:
    parts, listed = [], []
    parameters: list[Any] = []
    for n, (sql, given) in enumerate(rows):
        before = rows[:n]
        skipped, of_skipped = _skipped(before, start) if start else ("0", [])
        found = " + ".join(FOUND.format(n=earlier) for earlier in range(n)) or "0"
        parts.append(PART.format(n=n, rows=sql, skipped=skipped, found_before=found))
        parameters += [*given, size, *of_skipped, size]
        listed.append(LISTED.format(n=n))
    return PAGE.format(parts=", ".join(parts), listed=" UNION ALL ".join(listed)), [*parameters, size]


def _skipped(before: Sequence[tuple[str, Sequence[Any]]], start: int) -> tuple[str, list[Any]]:
    """Return how many rows of a part stand before the slice, given the parts before it."""
    if not before:
        return "%s", [start]
    counts = " - ".join(COUNT.format(n=n, rows=sql) for n, (sql, _given) in enumerate(before))
    return SKIPPED.format(counts=counts), [start, *(value for _sql, given in before for value in given)]
