"""A file's rows: the plainly spelled ones in `usage_plain`, the others as text in
`usage_stage(line, shape, rest, c1, c2, ...)`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from django.db import connection, transaction

from billing.importers import copying, plain
from billing.importers.layout import JOINT, Layout
from cardfleet.kernel.tabular import Row, Table

SAMPLE_ROWS = 30
END = "\r\n"
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
    """Copy the rows of a file into tables of this session, and say after each chunk how many are through.

    `shape` is why a row cannot be read by columns, else empty; `rest` holds the cells beyond the header's. Raises
    UnreadableFile at a damaged place.
    """
    columns = [f"c{number} text" for number in range(1, layout.width + 1)]
    copying.make("usage_stage", ", ".join(["line integer", "shape text", "rest text", *columns]))
    plain.make(layout)
    counts, others = Counts(), list[str]()
    delimiter = table.delimiter if isinstance(table, Table) else ""
    is_plain = plain.matcher(layout, delimiter) if delimiter else None
    rows = table.rows_and_lines(is_plain) if isinstance(table, Table) and is_plain else table.rows()
    lines = _lines(rows, layout, counts, others, delimiter)
    read = -1
    while read < counts.staged:
        read = counts.staged
        _copy_plain(islice(lines, copying.CHUNK), delimiter)
        copying.stream("usage_stage", others)
        others.clear()
        progress(counts.staged)
    copying.analyze("usage_stage")
    return counts


@transaction.atomic
def _copy_plain(lines: Iterator[str], delimiter: str) -> None:
    """Copy times as they stand on a Shanghai clock; Django goes by the session's own."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Shanghai'")
        copying.stream("usage_plain", lines, delimiter or ",")
        cursor.execute("SET LOCAL timezone = %s", [connection.timezone_name])


def written(layout: Layout) -> str:
    """Return SQL for all staged rows as they were written: line, rest, c1, c2, ..."""
    cells = ", ".join(f"c{number}" for number in range(1, layout.width + 1))
    texts = f"SELECT line, rest, {cells} FROM usage_stage"
    return f"{texts} UNION ALL {plain.texts(layout)}" if plain.spellings(layout) else texts


def cells_of(layout: Layout) -> str:
    """Return SQL for the cells of a row as it was written, as a JSON array."""
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


def _lines(
    rows: Iterable[tuple[int, list[str] | str]], layout: Layout, counts: Counts, others: list[str], delimiter: str
) -> Iterator[str]:
    """Yield the plain lines; for any other row yield nothing but an empty text, and add it to `others`."""
    first, header = layout.first_line, list(layout.header)
    for line, row in rows:
        if isinstance(row, str):
            counts.staged += 1
            yield f"{line}{delimiter}{row.rstrip(END)}\n"
        elif line < first:
            continue
        elif row == header or _is_total(row):
            counts.skipped += 1
        else:
            counts.staged += 1
            others.append(_as_text(line, row, layout))
            yield ""


def _as_text(line: int, cells: Sequence[str], layout: Layout) -> str:
    width = layout.width
    if len(cells) == width:
        return copying.line((str(line), "", copying.NULL, *cells))
    missing = [copying.NULL] * (width - len(cells))
    rest = JOINT.join(cells[width:]) or copying.NULL
    return copying.line((str(line), _shape(cells, width, layout.least), rest, *cells[:width], *missing))


def _shape(cells: Sequence[str], width: int, least: int) -> str:
    if len(cells) < least:
        return "row_short"
    return "row_long" if any(cell.strip() for cell in cells[width:]) else ""


def _is_total(cells: Sequence[str]) -> bool:
    first = cells[0] or next(filter(None, cells), "")
    return first.strip().startswith(TOTALS)
