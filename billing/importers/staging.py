"""A file's rows as text in `usage_stage(line, shape, rest, c1, c2, ...)`: COPY takes them as fast as they come."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from billing.importers import copying
from billing.importers.layout import JOINT, Layout
from cardfleet.kernel.tabular import Row

SAMPLE_ROWS = 30
TOTALS = ("合计", "总计", "共计", "小计", "总共", "total", "Total", "TOTAL")


@dataclass
class Counts:
    """Rows of calls that were staged, and rows that are none: totals and repeated headers."""

    staged: int = 0
    skipped: int = 0


class HasRows(Protocol):
    """Anything with rows: the table in a file, or calls that were posted."""

    def rows(self) -> Iterator[Row]:
        """Return numbered rows of texts."""


def stage(table: HasRows, layout: Layout, *, progress: Callable[[int], None]) -> Counts:
    """Copy the rows of a file into a table of this session, and say after each chunk how many are through.

    `shape` is why a row cannot be read by columns, else empty; `rest` holds the cells beyond the header's. Raises
    UnreadableFile at a damaged place.
    """
    columns = [f"c{number} text" for number in range(1, layout.width + 1)]
    copying.make("usage_stage", ", ".join(["line integer", "shape text", "rest text", *columns]))
    counts = Counts()
    for done in copying.copy("usage_stage", _lines(table.rows(), layout, counts)):
        counts.staged = done
        progress(done)
    copying.analyze("usage_stage")
    return counts


def cells_of(layout: Layout) -> str:
    """Return SQL for the cells of a staged row as a JSON array."""
    cells = ", ".join(f"c{number}" for number in range(1, layout.width + 1))
    return f"jsonb_build_array({cells}) || coalesce(to_jsonb(string_to_array(rest, '{JOINT}')), '[]')"


def drop() -> None:
    """Drop what an import keeps in its session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' "
            "AND relname LIKE 'usage\\_%'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE pg_temp.{name}")


def _lines(rows: Iterator[Row], layout: Layout, counts: Counts) -> Iterator[str]:
    header, width, least = list(layout.header), layout.width, layout.least
    for line, cells in rows:
        if line < layout.first_line:
            continue
        if cells == header or _is_total(cells):
            counts.skipped += 1
            continue
        if len(cells) == width:
            yield copying.line((str(line), "", copying.NULL, *cells))
        else:
            missing = [copying.NULL] * (width - len(cells))
            rest = JOINT.join(cells[width:]) or copying.NULL
            yield copying.line((str(line), _shape(cells, width, least), rest, *cells[:width], *missing))


def _shape(cells: Sequence[str], width: int, least: int) -> str:
    if len(cells) < least:
        return "row_short"
    return "row_long" if any(cell.strip() for cell in cells[width:]) else ""


def _is_total(cells: Sequence[str]) -> bool:
    first = cells[0] or next(filter(None, cells), "")
    return first.strip().startswith(TOTALS)
