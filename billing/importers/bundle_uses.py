"""Messages and data of a month by card as a table: number, month and what was used, in any order (R27, R81)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from billing.rules.bill_items import months_in
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cardfleet.kernel.tabular import Header, find_header, open_table
from cards.rules.identifiers import normalise_msisdn

ALIASES = {
    "msisdn": ("msisdn", "手机号", "手机号码", "号码", "用户号码", "电话号码", "number"),
    "month": ("month", "月份", "账期", "帐期", "账单月份", "计费月份", "使用月份"),
    "sms": ("sms", "短信", "短信条数", "短信使用量", "短信量", "短信(条)", "messages"),
    "data_mb": ("data_mb", "流量", "流量(MB)", "流量MB", "上网流量", "流量使用量", "流量使用量(MB)", "megabytes"),
    "sms_fee": ("sms_fee", "短信费", "短信费用", "套餐外短彩信费"),
    "data_fee": ("data_fee", "流量费", "上网费", "流量费用", "套餐外上网费"),
}
COUNTED = ("sms", "data_mb", "sms_fee", "data_fee")
MOST_SMS = 1_000_000
MOST_MB = Decimal(100_000_000)
MEGABYTES = {"": Decimal(1), "M": Decimal(1), "MB": Decimal(1), "G": Decimal(1024), "GB": Decimal(1024)}
COUNT = re.compile(r"[0-9]{1,7}")
VOLUME = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*(MB|GB|M|G)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class UseLine:
    """A row: whose it is, its month (None: what is said beside the file), and the counts it gives by field name."""

    line: int
    msisdn: str
    month: date | None
    counts: dict[str, Any]


@dataclass(frozen=True)
class ReadUses:
    """What a table says, and the rows that cannot be read."""

    lines: list[UseLine] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)


def read_uses(file: BinaryIO, name: str) -> ReadUses:
    """Return the rows of a table. BadInput for one without a column of numbers, or without one that counts."""
    rows = open_table(file, name).rows()
    header = find_header(rows, ALIASES, ["msisdn"])
    if not any(column in header for column in COUNTED):
        raise BadInput(reasons=[_nothing_counted(header)])
    read = ReadUses()
    for line, cells in rows:
        if any(tidy(cell) for cell in cells):
            _read(header, line, cells, read)
    return read


def _read(header: Header, line: int, cells: Sequence[str], read: ReadUses) -> None:
    """Put a row to the lines, or the first thing that cannot be read to the reasons."""
    column = "msisdn"
    try:
        msisdn = normalise_msisdn(header.cell(cells, column))
        column = "month"
        month = _month(header.cell(cells, column))
        counts: dict[str, Any] = {}
        for column, text in _given(header, cells):
            counts[column] = READERS[column](text)
    except Unreadable as error:
        title = header.titles.get(column, column)
        read.refused.append(error.as_reason(value=header.cell(cells, column).strip()[:40], line=line, column=title))
        return
    if counts:
        read.lines.append(UseLine(line=line, msisdn=msisdn, month=month, counts=counts))
    else:
        message = _("The row counts neither messages nor data.")
        read.refused.append(Reason(code="missing", message=message, line=line))


def _given(header: Header, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a row counts; an empty cell says nothing, and leaves what is known."""
    for column in COUNTED:
        if text := tidy(header.cell(cells, column)):
            yield column, text


def _month(text: str) -> date | None:
    plain = tidy(text)
    if not plain:
        return None
    found = months_in(plain)
    if not found:
        raise Unreadable("month_unreadable", _("Write a month like 2026-10."))
    return found[0]


def _messages(text: str) -> int:
    plain = text.removesuffix("条").replace(",", "").strip()
    if not COUNT.fullmatch(plain) or int(plain) > MOST_SMS:
        raise Unreadable("count_unreadable", _("Write how many messages there were, as a whole number."))
    return int(plain)


def _megabytes(text: str) -> Decimal:
    found = VOLUME.fullmatch(text.replace(",", ""))
    size = Decimal(found[1]) * MEGABYTES[(found[2] or "").upper()] if found else MOST_MB
    if size >= MOST_MB:
        raise Unreadable("volume_unreadable", _("Write the data as megabytes (1024.5) or with its unit (1.5 GB)."))
    return size.quantize(Decimal("0.001"))


READERS = {"sms": _messages, "data_mb": _megabytes, "sms_fee": read_amount, "data_fee": read_amount}


def _nothing_counted(header: Header) -> Reason:
    return Reason(
        code="header_missing",
        message=_("No column counts messages or data. Name one of them “短信条数” or “流量(MB)” in the first line."),
        line=header.line,
        column="data_mb",
    )
