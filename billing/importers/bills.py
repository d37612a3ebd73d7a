"""Carriers' statements: a row a card with columns of items, or a row a card and item (domain.md, section 6).

What stands above the table (账期, 号码, 合计, 上月结余) and the row of totals below it belong to the statement.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from billing.choices import BillColumn, BillItem
from billing.rules.bill_items import LONGEST_TEXT, bare, is_part_total, is_total, is_whole, item_of, months_in, value_of
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cardfleet.kernel.tabular import Row, open_table
from cardfleet.kernel.tabular.header import SEARCHED_ROWS
from cards.rules.identifiers import normalise_msisdn

NUMBER = re.compile(r"(?<!\d)(1[3-9]\d{9})(?!\d)")
MONTH_WORDS = ("账期", "帐期", "账单月份", "账单周期", "计费周期", "计费月份", "费用月份")
TOTAL_WORDS = ("本期应缴", "本期应缴费用", "应缴金额", "应缴费用", "本期费用合计", "账单总额", "合计", "费用合计")
BEFORE_WORDS = ("上月结余", "上期结余", "上月余额", "上期余额")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where a table's header stands, and what each column holds: a BillColumn or a BillItem by zero-based place."""

    line: int
    titles: Sequence[str]
    places: Mapping[int, str]

    @property
    def left_out(self) -> list[str]:
        """The columns that are not read."""
        return [title.strip() for place, title in enumerate(self.titles) if title.strip() and place not in self.places]

    def place(self, value: str) -> int | None:
        """Return where a value stands, if it does."""
        return next((place for place, held in self.places.items() if held == value), None)

    @property
    def items(self) -> list[tuple[int, BillItem]]:
        """The columns of amounts, one an item or several."""
        return [(place, BillItem(held)) for place, held in self.places.items() if held in BillItem.values]

    @property
    def is_readable(self) -> bool:
        """Whether amounts can be read: columns of items, or one of names and one of amounts."""
        held = set(self.places.values())
        return {BillColumn.ITEM, BillColumn.AMOUNT} <= held or bool(self.items)


@dataclass(frozen=True, kw_only=True)
class ReadItem:
    """One amount of a row, CNY."""

    item: BillItem
    text: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """A row of a table: whose it is, what it charges, and the total it states. `month` None: the statement's.

    `number` is empty where it is of no card but of the whole account.
    """

    line: int
    number: str
    items: Sequence[ReadItem]
    month: date | None = None
    total: Decimal | None = None


@dataclass(kw_only=True)
class ReadStatement:
    """What a file says: rows, refused rows, and what it says of itself as a whole (None: nothing)."""

    columns: Columns | None
    first_rows: Sequence[Row]
    rows: list[ReadRow] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)
    month: date | None = None
    number: str = ""
    total: Decimal | None = None
    before: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        """The sum of all items."""
        return sum((item.amount for row in self.rows for item in row.items), ZERO)

    @property
    def of_no_card(self) -> Decimal:
        """The sum of the items that name no card."""
        return sum((item.amount for row in self.rows if not row.number for item in row.items), ZERO)


def read_statement(
    file: BinaryIO, name: str, mapped: Mapping[str, Mapping[str, str]] | None = None, *, account: str = ""
) -> ReadStatement:
    """Return what a statement says. UnreadableFile for a file that is no table.

    `mapped` are places of values by signature of a header, as people mapped them; without `columns` nobody can tell
    what the columns hold. `account` is the account's own number, which may stand where a card's would.
    """
    rows = open_table(file, name).rows()
    first = list(islice(rows, SEARCHED_ROWS))
    columns = _mapped(first, mapped or {}) or find_columns(first)
    read = ReadStatement(columns=columns, first_rows=first)
    _read_above([row for row in first if columns is None or row[0] < columns.line], name, read)
    if columns and columns.is_readable:
        below = (row for row in first if row[0] > columns.line)
        for line, cells in (*below, *rows):
            _read_row(columns, line, cells, read, account)
    return read


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """Return the header among the first rows, by the names of columns and items; None where none is known."""
    for line, cells in rows:
        places = {place: value for place, title in enumerate(cells) if (value := value_of(title))}
        columns = Columns(line=line, titles=cells, places=_once(places))
        held = set(columns.places.values())
        if columns.is_readable and len(held) > 1 and (BillColumn.NUMBER in held or BillColumn.ITEM in held):
            return columns
    return None


def signature_of(cells: Sequence[str]) -> str:
    """Return what is compared of a header that was mapped."""
    return "\x1f".join(bare(title) for title in cells)


def _mapped(rows: Sequence[Row], mapped: Mapping[str, Mapping[str, str]]) -> Columns | None:
    for line, cells in rows:
        if places := mapped.get(signature_of(cells)):
            return Columns(line=line, titles=cells, places={int(place): value for place, value in places.items()})
    return None


def _once(places: Mapping[int, str]) -> dict[int, str]:
    """Keep the first column of each value but items, which may stand in several."""
    seen: set[str] = set()
    kept = {}
    for place, value in places.items():
        if value not in seen or value in BillItem.values:
            kept[place] = value
        seen.add(value)
    return kept


def _read_above(rows: Sequence[Row], name: str, read: ReadStatement) -> None:
    """Take what the lines above the table say of the whole."""
    for _line, cells in rows:
        for place, cell in enumerate(cells):
            label, _colon, said = cell.replace("：", ":").partition(":")
            following = said.strip() or next((text for text in cells[place + 1 :] if text.strip()), "")
            _take(bare(label), following, read)
    above = " ".join(cell for _line, cells in rows for cell in cells)
    found = NUMBER.search(above) or NUMBER.search(name)
    read.number = f"+86{found[1]}" if found else ""


def _take(label: str, said: str, read: ReadStatement) -> None:
    if label in MONTH_WORDS and read.month is None and (months := months_in(said)):
        read.month = months[0]
    if label in TOTAL_WORDS and read.total is None:
        read.total = _amount_or_none(said)
    if label in BEFORE_WORDS and read.before is None:
        read.before = _amount_or_none(said)


def _amount_or_none(text: str) -> Decimal | None:
    try:
        return read_amount(text, negative=True)
    except Unreadable:
        return None


def _read_row(columns: Columns, line: int, cells: Sequence[str], read: ReadStatement, account: str) -> None:
    """Read one row below the header: a row of totals, an amount or several, or the first thing that is wrong."""
    if _sums_up_all(columns, cells):
        read.total = _stated(columns, cells) if read.total is None else read.total
        return
    if list(cells) == list(columns.titles):
        return
    reasons: list[Reason] = []
    of_account = _is_of_account(columns, cells, account)
    number = "" if of_account else _number(columns, cells, line, read.number, reasons)
    month = _month(columns, cells, line, reasons)
    if is_total(_cell(cells, columns.place(BillColumn.ITEM))):
        items, total = [], _total(columns, cells, columns.place(BillColumn.AMOUNT), line, reasons)
    else:
        items = list(_items(columns, cells, line, reasons))
        total = _total(columns, cells, columns.place(BillColumn.TOTAL), line, reasons)
    if reasons:
        read.refused += reasons[:1]
    elif items or total is not None:
        read.rows.append(ReadRow(line=line, number=number, items=items, month=month, total=total))


def _sums_up_all(columns: Columns, cells: Sequence[str]) -> bool:
    """Tell whether a row sums up the others; one that names a number sums up that number's."""
    number = columns.place(BillColumn.NUMBER)
    if number is not None and NUMBER.search(_cell(cells, number)):
        return False
    return any(is_total(cell) for cell in islice((cell for cell in cells if cell.strip()), 2))


def _stated(columns: Columns, cells: Sequence[str]) -> Decimal | None:
    """Return what the row of totals says of everything."""
    place = columns.place(BillColumn.TOTAL)
    place = columns.place(BillColumn.AMOUNT) if place is None else place
    if place is not None:
        return _amount_or_none(_cell(cells, place))
    sums = [_amount_or_none(_cell(cells, place)) for place, _item in columns.items]
    return sum((amount or ZERO for amount in sums), ZERO) if any(amount is not None for amount in sums) else None


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _number(columns: Columns, cells: Sequence[str], line: int, whole: str, reasons: list[Reason]) -> str:
    place = columns.place(BillColumn.NUMBER)
    if place is None:
        return whole
    text = _cell(cells, place)
    try:
        return normalise_msisdn(text)
    except Unreadable as error:
        reasons.append(error.as_reason(value=text, line=line, column=columns.titles[place]))
        return ""


def _is_of_account(columns: Columns, cells: Sequence[str], account: str) -> bool:
    """Tell whether a row charges the whole account; one that sums up some others charges nothing."""
    place = columns.place(BillColumn.NUMBER)
    return place is not None and is_whole(_cell(cells, place), account) and not any(map(is_part_total, cells))


def _month(columns: Columns, cells: Sequence[str], line: int, reasons: list[Reason]) -> date | None:
    place = columns.place(BillColumn.MONTH)
    text = _cell(cells, place)
    if place is None or not text.strip():
        return None
    months = months_in(text)
    if not months:
        message = _("This is not a month. Write it like 2026-10.")
        title = columns.titles[place]
        reasons.append(Reason(code="month_unreadable", message=message, line=line, column=title, value=text))
        return None
    return months[0]


def _items(columns: Columns, cells: Sequence[str], line: int, reasons: list[Reason]) -> Iterator[ReadItem]:
    for place, item in columns.items:
        if amount := _amount(columns, cells, place, line, reasons):
            yield ReadItem(item=item, text=columns.titles[place].strip()[:LONGEST_TEXT], amount=amount)
    name, amount_at = columns.place(BillColumn.ITEM), columns.place(BillColumn.AMOUNT)
    if name is not None and amount_at is not None and (amount := _amount(columns, cells, amount_at, line, reasons)):
        text = _cell(cells, name).strip()
        quantity = _amount_or_none(_cell(cells, columns.place(BillColumn.QUANTITY)))
        yield ReadItem(item=item_of(text), text=text[:LONGEST_TEXT], amount=amount, quantity=quantity)


def _total(
    columns: Columns, cells: Sequence[str], place: int | None, line: int, reasons: list[Reason]
) -> Decimal | None:
    if place is None or not _cell(cells, place).strip():
        return None
    return _amount(columns, cells, place, line, reasons)


def _amount(columns: Columns, cells: Sequence[str], place: int, line: int, reasons: list[Reason]) -> Decimal:
    """Return an amount, zero for a blank cell or a dash; note what cannot be read."""
    text = _cell(cells, place)
    try:
        return ZERO if tidy(text) in {"", "-", "--", "—", "/"} else read_amount(text, negative=True)
    except Unreadable as error:
        reasons.append(error.as_reason(value=text, line=line, column=columns.titles[place]))
        return ZERO
