"""Writing tables people download: CSV (UTF-8 with a mark, streamed) and XLSX (at constant memory).

A column's kind decides how its cells are written. Identifiers are texts, so that no spreadsheet rounds them; the
formula guard touches titles and text columns only, so that a negative amount stays a number.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Text

Value = str | int | Decimal | date | datetime | Text | None
LIVE = ("=", "+", "-", "@", "\t", "\r")
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ROWS_A_CHUNK = 500
ROWS_A_SHEET = 1_048_576
WIDTHS = {"text": 18, "integer": 10, "money": 12, "date": 12, "datetime": 20}
FORMATS = {"text": "@", "integer": "0", "money": "0.00", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss"}


class ColumnKind(StrEnum):
    """How the cells of a column are written; money is CNY, datetime is Shanghai's."""

    TEXT = "text"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True)
class Column:
    """A column: its title for people, and its kind."""

    title: Text
    kind: ColumnKind = ColumnKind.TEXT


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(LIVE) else text


def csv_chunks(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Yield a CSV of some hundred rows a chunk, for a streaming answer."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([guarded(str(column.title)) for column in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([as_text(column, value) for column, value in zip(columns, row, strict=True)])
        if number % ROWS_A_CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def as_text(column: Column, value: Value) -> str:
    """Return a cell as a CSV holds it: moments in Shanghai's time, texts that no spreadsheet runs."""
    if value is None:
        return ""
    if column.kind is ColumnKind.TEXT:
        return guarded(str(value))
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def write_xlsx(target: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> int:
    """Write an XLSX with a frozen header, a further sheet where one is full, and return the number of rows."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        formats = [book.add_format({"num_format": FORMATS[column.kind]}) for column in columns]
        number = 0
        sheet = _sheet(book, columns, bold)
        for number, row in enumerate(rows, start=1):
            line = (number - 1) % (ROWS_A_SHEET - 1) + 1
            if line == 1 and number > 1:
                sheet = _sheet(book, columns, bold)
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                write_cell(sheet, line, place, column, value, formats[place])
    return number


def _sheet(book: xlsxwriter.Workbook, columns: Sequence[Column], bold: object) -> Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, guarded(str(column.title)), bold)
    return sheet


def write_cell(sheet: Worksheet, line: int, place: int, column: Column, value: Value, shape: object) -> None:
    """Write a cell as its column asks: texts that no spreadsheet runs, moments in Shanghai's time."""
    if value is None:
        return
    if column.kind is ColumnKind.TEXT:
        sheet.write_string(line, place, NOT_XML.sub("", guarded(str(value))), shape)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value.astimezone(SHANGHAI).replace(tzinfo=None), shape)
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, shape)
    else:
        sheet.write_number(line, place, value, shape)
