"""Reading card files: any order of columns, Chinese or English headers (design, section 8; formats.md 4.1)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import SEEK_END
from typing import Any, BinaryIO

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable, compact, read_amount, read_day, tidy
from cardfleet.kernel.tabular import Header, Kind, Row, Table, find_header
from cards.choices import Purpose
from cards.errors import FileRefused
from cards.importers.rows import CardRow, Line
from cards.importers.words import StateWord, read_purpose, read_real_name, read_state, read_stop_reason
from cards.rules.identifiers import (
    Identifier,
    normalise_iccid,
    normalise_imei,
    normalise_imsi,
    normalise_msisdn,
    normalise_pin,
    normalise_puk,
)
from cards.rules.tags import split_tags

MAX_LINES = 200_000
REQUIRED = ("iccid", "msisdn", "carrier")
TAKE_OVER = ("service_state", "stop_reason", "real_name", "holder", "issued_on", "balance")
SECRET = {"pin": "pin1", "pin2": "pin2", "puk": "puk1", "puk2": "puk2", "service_password": "service_password"}
# What is not stored with the card alone: a file with one of these is read line by line.
LINE_BY_LINE = frozenset({*TAKE_OVER, *SECRET, "tags"})
# What a reject file adds; ignored when the corrected file comes back.
REJECT = {"reject_line": ("行", "Line"), "reject_column": ("列", "栏", "Column"), "reject_reason": ("原因", "Reason")}
ALIASES: Mapping[str, Sequence[str]] = {
    "iccid": ("ICCID", "卡号", "SIM卡号", "ICCID号"),
    "msisdn": ("手机号", "号码", "手机号码", "电话号码", "电话", "phone", "number"),
    "imsi": ("IMSI",),
    "carrier": ("运营商", "所属运营商"),
    "plan": ("套餐", "套餐名称", "资费"),
    "registrant": ("登记人", "机主", "机主姓名", "开户名"),
    "activated_on": ("激活日期", "开卡日期", "激活时间", "开卡时间"),
    "expires_on": ("到期日期", "有效期至", "有效期", "到期时间"),
    "pin": ("PIN码", "PIN", "PIN1", "PIN1码"),
    "pin2": ("PIN2码", "PIN2"),
    "puk": ("PUK码", "PUK", "PUK1", "PUK1码"),
    "puk2": ("PUK2码", "PUK2"),
    "service_password": ("服务密码",),
    "contract": ("合同编号", "合同", "合同号", "contract number"),
    "location": ("存放位置", "位置", "存放地点"),
    "region": ("归属地", "地区"),
    "purpose": ("用途", "业务场景"),
    "service_state": ("状态", "卡状态", "服务状态", "state"),
    "stop_reason": ("停机原因",),
    "holder": ("领用人工号", "工号", "领用工号", "staff_no"),
    "issued_on": ("领用日期", "领用时间"),
    "balance": ("余额", "当前余额", "账户余额"),
    "real_name": ("实名状态", "实名"),
    "imei": ("IMEI", "设备IMEI"),
    "batch": ("批次", "批次号"),
    "note": ("备注", "remark"),
    "tags": ("标签", "tag"),
    **REJECT,
}
NOTHING = frozenset({"", "-", "--", "—", "/", "\\", "无", "n/a", "na", "null", "none"})


@dataclass(frozen=True)
class CardSheet:
    """A card file: its header, its lines, and what is odd about it as a whole.

    `unread` are whole lines of columns that `cards.importers.columns` reads for all lines at once; what it leaves is
    read by `reading`.
    """

    header: Header
    kind: Kind
    lines: Sequence[Line]
    warnings: Sequence[Reason] = ()
    unread: Sequence[Row] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.lines) + len(self.unread)

    @property
    def takes_over(self) -> bool:
        """Whether the file says something of the cards' lives so far that a person has to attest."""
        return any(name in self.header for name in TAKE_OVER)

    def only(self, wanted: Callable[[int], bool]) -> "CardSheet":
        """Return the file with the wanted lines alone, chosen by their number."""
        lines = [line for line in self.lines if wanted(line.number)]
        return replace(self, lines=lines, unread=[row for row in self.unread if wanted(row[0])])

    def reading(self, rows: Sequence[Row]) -> "CardSheet":
        """Return the file with some of its unread lines read, and no other unread ones."""
        read = [*self.lines, *(_read_line(self.header, number, cells) for number, cells in rows)]
        return replace(self, lines=sorted(read, key=lambda line: line.number), unread=())

    def refusing(self, reasons: Mapping[int, Reason]) -> "CardSheet":
        """Return the file with further lines refused, by line number."""
        lines = [
            replace(line, row=None, reasons=[*line.reasons, self.placed(reasons[line.number])])
            if line.number in reasons
            else line
            for line in self.lines
        ]
        return replace(self, lines=lines)

    def placed(self, reason: Reason) -> Reason:
        """Return a reason with the title that its field has in the file."""
        return reason if reason.column else replace(reason, column=self.header.titles.get(reason.field, ""))


def read_cards(table: Table) -> CardSheet:
    """Read a whole card file. BadInput when it has no usable header; a bad line is only refused itself."""
    rows = table.rows()
    header = find_header(rows, ALIASES, REQUIRED)
    lines, unread = list[Line](), list[Row]()
    width, at_once = len(header.cells), not header.columns.keys() & LINE_BY_LINE
    for row in _limited(rows):
        if at_once and len(row[1]) == width:
            unread.append(row)
        else:
            lines.append(_read_line(header, *row))
    if not lines and not unread:
        message = _("There is no row below the header.")
        raise FileRefused(message=message, reasons=[Reason(code="no_rows", message=message, line=header.line)])
    if table.kind is Kind.TEXT and _ends_short(lines, unread, width) and _ends_openly(table.file):
        lines[-1] = _cut_off(header, lines[-1])
    message = _("This column is not one of a card file and was not read.")
    unknown = [Reason(code="column_unknown", message=message, column=title) for title in header.unknown]
    return CardSheet(header, table.kind, lines, unknown, unread)


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == MAX_LINES:
            message = format_lazy(_("A card file may have {limit} rows. Split this one."), limit=MAX_LINES)
            reason = Reason(code="too_many_rows", message=message, line=row[0])
            raise FileRefused(message=message, reasons=[reason])
        yield row


def _ends_short(lines: Sequence[Line], unread: Sequence[Row], width: int) -> bool:
    ends_whole = not lines or (unread and unread[-1][0] > lines[-1].number)
    return not ends_whole and len(lines[-1].cells) < width


def _ends_openly(file: BinaryIO) -> bool:
    """Tell whether a text file stops without ending its last line, as one cut in the middle does."""
    size = file.seek(0, SEEK_END)
    file.seek(max(size - 2, 0))
    return not {b"\n", b"\r"} & {bytes([byte]) for byte in file.read()}


def _cut_off(header: Header, line: Line) -> Line:
    """Refuse the last line of a file that was cut in the middle of it."""
    message = format_lazy(
        _("The file ends in this line, after {cells} of {width} columns. It was cut off: send it whole."),
        cells=len(line.cells),
        width=len(header.cells),
    )
    reason = Reason(code="row_cut_off", message=message, line=line.number, column=header.cells[len(line.cells) - 1])
    return replace(line, row=None, reasons=[reason])


def _read_line(header: Header, number: int, cells: Sequence[str]) -> Line:
    reading = _Reading(header, number, cells)
    for name in FIELDS:
        if name in header:
            reading.take(name)
    reading.compare()
    row = None if reading.reasons else CardRow(line=number, **reading.values)
    return Line(number=number, cells=cells, row=row, reasons=reading.reasons, warnings=reading.warnings)


class _Reading:
    """One line while it is being read: the values found so far, and what is wrong or odd about them."""

    def __init__(self, header: Header, number: int, cells: Sequence[str]) -> None:
        self.header, self.number, self.cells = header, number, cells
        self.values: dict[str, Any] = {}
        self.reasons: list[Reason] = []
        self.warnings: list[Reason] = []

    def take(self, name: str) -> None:
        """Read one field; a cell that says nothing is left out, unless the field is required."""
        text = self.header.cell(self.cells, name)
        if text.strip().casefold() in NOTHING and name not in REQUIRED:
            return
        try:
            self._store(name, FIELDS[name](text))
        except Unreadable as error:
            self._refuse(name, error, text)

    def _store(self, name: str, value: Any) -> None:
        match value:
            case Identifier():
                self.warnings += [replace(odd, **self._place(name, value.value)) for odd in value.warnings]
                self.values[STORED_AS.get(name, name)] = value.value
            case StateWord():
                self.values["service_state"] = value.state
                if value.reason:
                    self.values["stop_reason"] = value.reason
            case str() if name in SECRET:
                self.values.setdefault("secrets", {})[SECRET[name]] = value
            case _:
                self.values[STORED_AS.get(name, name)] = value

    def _refuse(self, name: str, error: Unreadable, text: str) -> None:
        place = self._place(name, "" if name in SECRET else text.strip()[:80])
        self.reasons.append(error.as_reason(**place))

    def _place(self, name: str, value: str) -> dict[str, Any]:
        return {"field": name, "line": self.number, "column": self.header.titles[name], "value": value}

    def compare(self) -> None:
        """Refuse what contradicts itself within the line."""
        if spare := [cell for cell in self.cells[len(self.header.cells) :] if cell.strip()]:
            message = _("This line has more columns than the header. Is a comma or quotation mark out of place?")
            self.reasons.append(Reason(code="row_too_long", message=message, line=self.number, value=spare[0][:80]))
        begins, ends = self.values.get("activated_on"), self.values.get("expires_on")
        if begins and ends and ends < begins:
            message = _("A card cannot expire before it was activated.")
            place = self._place("expires_on", ends.isoformat())
            self.reasons.append(Reason(code="dates_run_backwards", message=message, **place))
        if self.values.get("purpose") is Purpose.OTHER:
            message = _("This purpose is not one of the list. It was stored as “other”; choose the fitting one.")
            place = self._place("purpose", self.header.cell(self.cells, "purpose").strip()[:80])
            self.warnings.append(Reason(code="purpose_unknown", message=message, **place))


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        plain = tidy(text)
        if len(plain) > longest:
            raise Unreadable(
                "too_long", format_lazy(_("This text is longer than {limit} characters. Shorten it."), limit=longest)
            )
        return plain

    return read


def _carrier(text: str) -> str:
    plain = _text(80)(text)
    if plain.casefold() in NOTHING:
        raise Unreadable("missing", _("The carrier is missing. The prefix of a number does not tell it."))
    return plain


def _purpose(text: str) -> Purpose:
    return read_purpose(text) or Purpose.OTHER


def _whole_word(text: str) -> str:
    return _text(32)(compact(text))


def _often(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Remember what was read: carriers, plans and days repeat in most lines."""
    return lru_cache(maxsize=4096)(read)


# Read in this order: a reason in a column of its own counts more than the one in a state's name.
FIELDS: Mapping[str, Callable[[str], Any]] = {
    "iccid": normalise_iccid,
    "msisdn": normalise_msisdn,
    "imsi": normalise_imsi,
    "carrier": _often(_carrier),
    "plan": _often(_text(80)),
    "contract": _often(_text(64)),
    "registrant": _often(_text(120)),
    "region": _often(_text(40)),
    "purpose": _often(_purpose),
    "location": _often(_text(80)),
    "batch": _often(_text(40)),
    "note": _text(2000),
    "tags": _often(split_tags),
    "imei": normalise_imei,
    "activated_on": _often(read_day),
    "expires_on": _often(read_day),
    "service_state": _often(read_state),
    "stop_reason": _often(read_stop_reason),
    "real_name": _often(read_real_name),
    "holder": _often(_whole_word),
    "issued_on": _often(read_day),
    "balance": _often(lambda text: read_amount(text, negative=True)),
    "pin": normalise_pin,
    "pin2": normalise_pin,
    "puk": normalise_puk,
    "puk2": normalise_puk,
    "service_password": _whole_word,
}
STORED_AS = {"imei": "device_imei", "real_name": "real_name_state"}
