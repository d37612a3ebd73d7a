"""COPY into tables of this session: text in, as it comes, so that memory stays flat."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection

CHUNK = 20_000
PIECE = 500
NULL = r"\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def make(table: str, columns: str) -> None:
    """Make a table of this session anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns})")


def line(cells: Sequence[str]) -> str:
    """Return one line of COPY's text format, ended; a cell that is `NULL` as it stands is NULL."""
    joined = "\t".join(cells)
    if "\\" in joined or "\n" in joined or "\r" in joined or joined.count("\t") != len(cells) - 1:
        joined = "\t".join(cell if cell is NULL else _SPECIAL.sub(_escape, cell) for cell in cells)
    return joined + "\n"


class _Stream:
    """Lines as a file that COPY reads: the server takes in one piece while the next is made."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.failure: Exception | None = None

    def read(self, _size: int) -> str:
        """Return the next piece; empty at the end, and where making it failed: COPY would hide why."""
        try:
            for piece in iter(lambda: list(islice(self.lines, PIECE)), []):
                if text := "".join(piece):
                    return text
        except Exception as error:  # noqa: BLE001 - raised again by `copy`
            self.failure = error
        return ""


def copy(table: str, lines: Iterable[str]) -> None:
    """Copy ended lines into a table; what makes them may ask the database between chunks."""
    remaining = iter(lines)
    while chunk := list(islice(remaining, CHUNK)):
        stream(table, chunk)


def stream(table: str, lines: Iterable[str], delimiter: str = "\t") -> None:
    """Copy ended lines into a table while they are made, without asking the database; an empty one is none."""
    stream = _Stream(lines)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY pg_temp.{table} FROM STDIN (DELIMITER E'{delimiter}')", stream)
    if stream.failure:
        raise stream.failure


def analyze(table: str, *columns: str) -> None:
    """Let the planner know what a table holds, or some of its columns; nobody else does it for tables of a session."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE pg_temp.{table} {'(' if columns else ''}{', '.join(columns)}{')' if columns else ''}")


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]
