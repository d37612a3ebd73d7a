"""Reports as workbooks: amounts with their format, totals that are formulas, and a sheet saying what it is.

Every formula carries its value, for those who read the file without reckoning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from cardfleet.kernel.errors import Text
from cardfleet.kernel.spreadsheets import WIDTHS, Column, ColumnKind, Value, guarded, write_cell

SHAPES = {ColumnKind.TEXT: "@", ColumnKind.INTEGER: "#,##0", ColumnKind.MONEY: "#,##0.00"}
ABOUT_WIDTH = 60


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Which columns are sums: those whose last row adds up the rows, and those of each row that the last adds up.

    `across` are the first and the last place of the latter.
    """

    down: Sequence[bool]
    across: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A table with its last row, and `about`: pairs of what is told and what it is. `stamp` is printed on each page."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    foot: Sequence[Value]
    sums: Sums
    about_title: str
    about: Sequence[tuple[Text, str]]
    stamp: str


def write_report(target: BinaryIO, report: Report) -> int:
    """Write a workbook and return the number of its rows without the last."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        shapes = [book.add_format({"num_format": SHAPES[column.kind]}) for column in report.columns]
        strong = [
            book.add_format({"num_format": SHAPES[column.kind], "bold": True, "top": 1}) for column in report.columns
        ]
        sheet = book.add_worksheet(report.title)
        _head(sheet, report, bold)
        count = 0
        for count, row in enumerate(report.rows, start=1):
            _row(sheet, count, report, row, shapes)
        _foot(sheet, count + 1, report, strong)
        _about(book.add_worksheet(report.about_title), report, bold)
    return count


def _head(sheet: Worksheet, report: Report, bold: object) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{report.stamp.replace('&', '&&')}&R&P / &N")
    for place, column in enumerate(report.columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, guarded(str(column.title)), bold)


def _row(sheet: Worksheet, line: int, report: Report, row: Sequence[Value], shapes: Sequence[object]) -> None:
    last = len(row) - 1
    for place, (column, value, shape) in enumerate(zip(report.columns, row, shapes, strict=True)):
        if report.sums.across and place == last:
            first, until = (xl_col_to_name(each) for each in report.sums.across)
            sheet.write_formula(line, place, f"=SUM({first}{line + 1}:{until}{line + 1})", shape, value)
        else:
            write_cell(sheet, line, place, column, value, shape)


def _foot(sheet: Worksheet, line: int, report: Report, shapes: Sequence[object]) -> None:
    for place, (value, shape) in enumerate(zip(report.foot, shapes, strict=True)):
        if report.sums.down[place] and line > 1:
            letter = xl_col_to_name(place)
            sheet.write_formula(line, place, f"=SUM({letter}2:{letter}{line})", shape, value)
        else:
            write_cell(sheet, line, place, report.columns[place], value, shape)


def _about(sheet: Worksheet, report: Report, bold: object) -> None:
    sheet.set_column(0, 0, WIDTHS[ColumnKind.TEXT])
    sheet.set_column(1, 1, ABOUT_WIDTH)
    for line, (told, what) in enumerate(report.about):
        sheet.write_string(line, 0, str(told), bold)
        write_cell(sheet, line, 1, Column(""), what, None)
