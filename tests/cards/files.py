"""Card files made for tests, as companies have them."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
import xlwt
from stdnum import luhn

from cardfleet.kernel.tabular import open_table
from cards.importers.cards import CardSheet, read_cards
from cards.services.card_import import ImportOutcome, import_cards
from tests.conftest import FRIDAY

HEADER = ("ICCID", "手机号", "运营商")


def iccid(number: int) -> str:
    """Return an ICCID of China Mobile."""
    begin = f"8986002619{number:09}"
    return begin + luhn.calc_check_digit(begin)


def csv_bytes(*rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    """Return a CSV of some rows, the first the header."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[object]) -> bytes:
    """Return a workbook of some rows, numbers as numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            sheet.write_row(line, 0, cells)
    return target.getvalue()


def xls_bytes(*rows: Sequence[object]) -> bytes:
    """Return an Excel 97 workbook of some rows; days as Excel keeps them."""
    book, day = xlwt.Workbook(encoding="utf-8"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet = book.add_sheet("卡")
    for line, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write(line, place, cell, day if isinstance(cell, date) else xlwt.Style.default_style)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_of(content: bytes, name: str = "cards.csv") -> CardSheet:
    """Read a card file."""
    return read_cards(open_table(io.BytesIO(content), name))


def sheet(*rows: Sequence[str]) -> CardSheet:
    """Read a card file of rows, the first the header."""
    return sheet_of(csv_bytes(*rows))


def load(*rows, actor=None, create_missing=False, team=None, reason="the register of October") -> ImportOutcome:
    """Import a file of rows, the first the header."""
    return import_cards(
        sheet=sheet(*rows), create_missing=create_missing, team=team, reason=reason, actor=actor, now=FRIDAY
    )


def codes(outcome: ImportOutcome) -> dict[int, list[str]]:
    """Return the reasons by refused line."""
    return {line.number: [reason.code for reason in line.reasons] for line in outcome.refused}
