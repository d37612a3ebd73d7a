"""How typed, pasted and exported values are read: cells, days, amounts (formats.md 4.1, 4.4).

Pure. Everything here takes the text of one cell and returns a value or raises `Unreadable` with a sentence
telling what to correct; importers turn that into a `Reason` with line and column.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.money import to_fen

EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119: five digits that can be nothing else in a day column
LARGEST_AMOUNT = Decimal("99999999.99")

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_QUOTED_FORMULA = re.compile(r'^="([^"]*)"$')
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE]\+?\d+$")
_DAY = re.compile(
    r"^(\d{4})(?:[-/.]|年\s*)(\d{1,2})(?:[-/.]|月\s*)(\d{1,2})日?"
    r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SERIAL_DAY = re.compile(r"^\d{5}(?:\.\d+)?$")
_AMOUNT = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$")
_CURRENCY = re.compile(r"(?:CNY|RMB|人民币|[¥元])", re.IGNORECASE)
_SPACES_AND_DASHES = re.compile(r"[\s\-]")
_DECIMAL_ZEROS = re.compile(r"\.0+$")


class Unreadable(ValueError):
    """One value that cannot be read: a code for programs, a sentence for the person who has to correct it.

    `secret` values (PIN, PUK) must never be repeated in an answer or a reject file's reason.
    """

    def __init__(self, code: str, message: Text, *, secret: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.secret = secret

    def as_reason(self, *, value: str = "", field: str = "", line: int | None = None, column: str = "") -> Reason:
        """Return the reason to report at a place in a file or form; a secret value is left out."""
        shown = "" if self.secret else value
        return Reason(code=self.code, message=self.message, field=field, line=line, column=column, value=shown)


def cell_text(value: object) -> str:
    """Return the text a person sees in a spreadsheet cell.

    Whole floats lose their `.0` while they are exact; larger ones keep the scientific form, by which a
    number that the spreadsheet has already damaged is recognised later.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def tidy(text: str) -> str:
    """Return a cell's text half-width and trimmed, without a spreadsheet's text marks; refuse a formula."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    plain = _QUOTED_FORMULA.sub(r"\1", plain).removeprefix("'").strip()
    if plain.startswith("="):
        raise Unreadable("formula", _("The cell holds a formula. Replace it with its value and send the row again."))
    return plain


def compact(text: str) -> str:
    """Return an identifier without spaces, dashes and the `.0` a spreadsheet adds; refuse a damaged one."""
    if text.isascii() and text.isdigit():
        return text
    plain = text if text.isascii() and text.isalnum() else _SPACES_AND_DASHES.sub("", tidy(text))
    refuse_mangled(plain)
    return _DECIMAL_ZEROS.sub("", plain)


def refuse_mangled(text: str) -> None:
    """Refuse 8.98601E+19: the digits after the fifteenth are lost and cannot be guessed."""
    if _SCIENTIFIC.match(text):
        raise Unreadable(
            "mangled_by_spreadsheet",
            _("A spreadsheet rounded this number. Format the column as text and fill it in again."),
        )


def read_day(text: str) -> date:
    """Return a calendar day written with its year.

    2026-11-22, 2026/11/22, 2026.11.22, 20261122, 2026年11月22日, one of these followed by a time, or a
    spreadsheet's serial number (46348).
    """
    plain = tidy(text)
    if not plain:
        raise Unreadable("missing", _("A date is missing here."))
    if _SERIAL_DAY.match(plain) and int(plain[:5]) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(plain[:5]))
    parts = _DAY.match(plain) or _COMPACT_DAY.match(plain)
    if parts is None:
        raise Unreadable("date_unreadable", _("This is not a date with its year. Write it like 2026-11-22."))
    return calendar_day(*(int(part) for part in parts.groups()))


def calendar_day(year: int, month: int, day: int) -> date:
    """Return the day, or refuse one that no calendar has, such as 31 February."""
    if not 1950 <= year <= 2119:
        raise Unreadable("year_out_of_range", _("The year is out of range. Correct the date."))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable("no_such_day", _("No calendar has this day. Correct the date.")) from error


def read_amount(text: str, *, negative: bool = False) -> Decimal:
    """Return CNY, half up to the fen, from 12.5, ¥1,234.50 or 12.5元; `negative` allows one below zero."""
    plain = _CURRENCY.sub("", tidy(text)).replace(" ", "")
    if not plain:
        raise Unreadable("missing", _("An amount is missing here."))
    if not _AMOUNT.match(plain) or not re.search(r"\d", plain):
        raise Unreadable("amount_unreadable", _("This is not an amount in yuan. Write it like 12.50."))
    written = Decimal(plain.replace(",", ""))
    if abs(written) > LARGEST_AMOUNT:  # before it is rounded, which arithmetic refuses to do with 28 digits
        raise Unreadable("amount_too_large", _("The amount is too large. Check the unit: yuan, not fen."))
    amount = to_fen(written)
    if amount < 0 and not negative:
        raise Unreadable("negative_amount", _("An amount below zero cannot stand here. Correct it."))
    return amount
