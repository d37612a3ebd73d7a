"""COPY into tables of this session: text in, in chunks, so that memory stays flat."""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice

from django.db import connection

CHUNK = 20_000
NULL = r"\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def make(table: str, columns: str) -> None:
    """Make a table of this session anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")


def line(cells: Sequence[str]) -> str:
    """Return one line of COPY's text format; a cell that is `NULL` as it stands is NULL."""
    joined = "\t".join(cells)
    if "\\" in joined or "\n" in joined or "\r" in joined or joined.count("\t") != len(cells) - 1:
        joined = "\t".join(cell if cell is NULL else _SPECIAL.sub(_escape, cell) for cell in cells)
    return joined


def copy(table: str, lines: Iterable[str]) -> Iterator[int]:
    """Copy lines into a table and yield the number copied so far after every chunk."""
    remaining = iter(lines)
    done = 0
    while chunk := list(islice(remaining, CHUNK)):
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY pg_temp.{table} FROM STDIN", StringIO("\n".join(chunk)))
        done += len(chunk)
        yield done


def analyze(*tables: str) -> None:
    """Let the planner know what the tables hold; nobody else does it for tables of a session."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE pg_temp.{table}")


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]
