"""Card files made for tests, as companies have them."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter
from stdnum import luhn

from cardfleet.kernel.tabular import open_table
from cards.importers.cards import CardSheet, read_cards

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


def sheet_of(content: bytes, name: str = "cards.csv") -> CardSheet:
    """Read a card file."""
    return read_cards(open_table(io.BytesIO(content), name))


def sheet(*rows: Sequence[str]) -> CardSheet:
    """Read a card file of rows, the first the header."""
    return sheet_of(csv_bytes(*rows))
