"""A list as a file: the rows and columns that were asked for, with the masks of who reads it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.http.response import HttpResponseBase

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.copying import copied_csv
from cardfleet.kernel.downloads import download
from cardfleet.kernel.spreadsheets import Column, csv_chunks, write_xlsx
from cardfleet.lists.asking import Asked
from cardfleet.lists.choices import FileForm
from cardfleet.lists.registry import Cell, ListColumn, Reader, Rows

ROWS_AT_ONCE = 2000
MOST_AT_ONCE = 5000
"""Rows that are put into cells one by one within a request; more of them are work for a job."""


def is_long(asked: Asked, form: str, now: datetime) -> bool:
    """Tell whether writing a file takes too long for a request.

    What the database writes itself streams at any size; what is reckoned may take its time.
    """
    if asked.listing.writer:
        return True
    if form == FileForm.CSV and not any(cell.told for column in asked.file_columns for cell in column.cells):
        return False
    return asked.rows(now).order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


def as_answer(asked: Asked, form: str, number: str, reader: Reader) -> HttpResponseBase:
    """Answer with what was asked for as a file with its day and number; CSV is streamed."""
    return download(
        f"{asked.listing.code}-{business_day(reader.now):%Y%m%d}-{number}.{form}",
        as_csv=lambda: as_csv(asked, reader),
        as_xlsx=lambda target: as_xlsx(target, asked, reader),
    )


def as_csv(asked: Asked, reader: Reader) -> Iterator[bytes]:
    """Yield what was asked for as CSV, in the active language."""
    return csv_of(asked.file_columns, asked.ordered(reader.now), reader)


def as_xlsx(target: BinaryIO, asked: Asked, reader: Reader) -> int:
    """Write what was asked for as XLSX and return the number of its rows."""
    return xlsx_of(target, asked.file_columns, asked.ordered(reader.now), reader)


def csv_of(columns: Sequence[ListColumn], rows: Rows, reader: Reader) -> Iterator[bytes]:
    """Yield rows of a list as CSV; by the database itself where no cell is told in Python."""
    cells = [cell for column in columns for cell in column.cells]
    titles, values = _titles(cells), _values(cells, rows, reader)
    if any(cell.told for cell in cells):
        return csv_chunks(titles, _told(cells, values.iterator(ROWS_AT_ONCE), reader))
    return copied_csv(titles, values)


def xlsx_of(target: BinaryIO, columns: Sequence[ListColumn], rows: Rows, reader: Reader) -> int:
    """Write rows of a list as XLSX and return their number."""
    cells = [cell for column in columns for cell in column.cells]
    return write_xlsx(target, _titles(cells), _told(cells, _values(cells, rows, reader).iterator(ROWS_AT_ONCE), reader))


def _titles(cells: Sequence[Cell]) -> list[Column]:
    return [Column(cell.title, cell.kind) for cell in cells]


def _values(cells: Sequence[Cell], rows: Rows, reader: Reader) -> Rows:
    return rows.values_list(*[cell.expression(reader) for cell in cells])


def _told(cells: Sequence[Cell], rows: Iterable[Sequence[Any]], reader: Reader) -> Iterator[Sequence[Any]]:
    """Yield the rows with the cells that Python words, some thousand at a time."""
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        by_cell = [
            cell.told(values, reader) if cell.told else values
            for cell, values in zip(cells, zip(*some, strict=True), strict=True)
        ]
        yield from zip(*by_cell, strict=True)
