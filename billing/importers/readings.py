"""Balances and states that a carrier told, as a table or as pasted messages (R29; design, section 8).

A table has the columns msisdn, read_at, balance, service_state and stop_reason, in any order, under English or
Chinese names; a number and a balance or a state are required.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from billing.importers.messages import read_messages
from billing.importers.reading_lines import Readings, ReadLine, not_ahead
from billing.rules.times import Period, read_time
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cardfleet.kernel.tabular import Header, Kind, Row, Table, find_header, open_table
from cards.importers.words import read_state, read_stop_reason
from cards.rules.identifiers import normalise_msisdn

ALIASES = {
    "msisdn": ("msisdn", "手机号", "手机号码", "号码", "本机号码", "电话号码"),
    "read_at": ("read_at", "查询时间", "截至时间", "截止时间", "读取时间", "时间", "日期"),
    "balance": ("balance", "余额", "余额(元)", "话费余额", "账户余额", "可用余额", "当前余额"),
    "service_state": ("service_state", "状态", "号码状态", "卡状态", "服务状态"),
    "stop_reason": ("stop_reason", "停机原因", "原因"),
}


def read_readings(file: BinaryIO, name: str, *, now: datetime) -> Readings:
    """Return what a table or a text of messages says; where no time is given, `now` counts.

    Raises BadInput for a workbook without the columns, and for a file that cannot be read.
    """
    table = open_table(file, name)
    rows = table.rows()
    try:
        header = find_header(rows, ALIASES, ["msisdn"])
    except BadInput:
        if table.kind is not Kind.TEXT:
            raise
        return read_messages(_text(table), now=now)
    if "balance" not in header and "service_state" not in header:
        raise BadInput(reasons=[_no_balance(header)])
    return _read_table(header, rows, now)


def _text(table: Table) -> str:
    table.file.seek(0)
    return table.file.read().decode(table.encoding)


def _no_balance(header: Header) -> Reason:
    return Reason(
        code="header_missing",
        message=_("A column “balance” or “service_state” is missing. Name it in the first line."),
        line=header.line,
        column="balance",
    )


def _read_table(header: Header, rows: Iterator[Row], now: datetime) -> Readings:
    lines, refused = [], []
    for line, cells in rows:
        reasons: list[Reason] = []
        read = _read_row(header, line, cells, now, reasons)
        if read is None or reasons:
            refused += reasons
        else:
            lines.append(read)
    return Readings(lines, refused, pasted=False)


def _read_row(header: Header, line: int, cells: Sequence[str], now: datetime, reasons: list[Reason]) -> ReadLine | None:
    """Return what a row says, or put the first thing that cannot be read to the reasons."""
    field = "msisdn"
    try:
        msisdn = normalise_msisdn(header.cell(cells, field))
        field = "read_at"
        read_at = not_ahead(read_moment(header.cell(cells, field), now), now)
        field = "balance"
        balance = _balance(header.cell(cells, field))
        field = "service_state"
        state, reason = _state(header.cell(cells, field))
        field = "stop_reason"
        written = tidy(header.cell(cells, field))
        reason = read_stop_reason(written) if written and state else reason
        field = "balance"
        _refuse_empty(balance, state)
    except Unreadable as error:
        title = header.titles.get(field, field)
        reasons.append(error.as_reason(value=header.cell(cells, field), line=line, column=title))
        return None
    return ReadLine(line=line, msisdn=msisdn, read_at=read_at, balance=balance, state=state, reason=reason)


def _refuse_empty(balance: Decimal | None, state: str) -> None:
    if balance is None and not state:
        raise Unreadable("missing", _("The row has neither a balance nor a state."))


def read_moment(text: str, now: datetime) -> datetime:
    """Return the moment a cell names: a day alone is its end, or `now` on that day; nothing is `now`. Unreadable."""
    plain = tidy(text)
    if not plain:
        return now
    period = Period.year_up_to(business_day(now))
    try:
        return read_time(plain, period=period)
    except Unreadable as error:
        if error.code != "time_unreadable":
            raise
    day_end = read_time(f"{plain} 23:59:59", period=period)
    return min(day_end, now) if business_day(day_end) == business_day(now) else day_end


def _balance(text: str) -> Decimal | None:
    return read_amount(text, negative=True) if tidy(text) else None


def _state(text: str) -> tuple[str, str]:
    if not tidy(text):
        return "", ""
    word = read_state(text)
    return word.state, word.reason or ""
