"""Voucher lines as CSV, in the columns finance chose."""

from calendar import monthrange
from collections.abc import Sequence
from decimal import Decimal

from billing.choices import EntryKind, VoucherValue
from billing.models import VoucherColumn
from billing.rules.vouchers import Line
from billing.selectors.vouchers import Voucher, state_of
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value, csv_chunks

KINDS = {
    VoucherValue.LINE: ColumnKind.INTEGER,
    VoucherValue.DEBIT: ColumnKind.MONEY,
    VoucherValue.CREDIT: ColumnKind.MONEY,
    VoucherValue.DATE: ColumnKind.DATE,
}


def as_csv(voucher: Voucher, columns: Sequence[VoucherColumn]) -> bytes:
    """Return the file; of an open month each line's text says that it is provisional."""
    heads = [Column(column.title, KINDS.get(VoucherValue(column.value), ColumnKind.TEXT)) for column in columns]
    rows = (
        [_value(column.value, number, line, voucher) for column in columns]
        for number, line in enumerate(voucher.lines, start=1)
    )
    return b"".join(csv_chunks(heads, rows))


def file_name(voucher: Voucher) -> str:
    """Return a name such as voucher-2026-10-provisional.csv."""
    return f"voucher-{voucher.month:%Y-%m}{'-provisional' if voucher.provisional else ''}.csv"


def _value(value: str, number: int, line: Line, voucher: Voucher) -> Value:
    month = voucher.month
    values: dict[VoucherValue, Value] = {
        VoucherValue.DATE: month.replace(day=monthrange(month.year, month.month)[1]),
        VoucherValue.MONTH: f"{month:%Y-%m}",
        VoucherValue.LINE: number,
        VoucherValue.TEXT: f"{line.text} ({state_of(voucher)})" if voucher.provisional else line.text,
        VoucherValue.ACCOUNT: line.account,
        VoucherValue.CENTRE: line.centre,
        VoucherValue.TEAM: line.team,
        VoucherValue.KIND: str(EntryKind(line.kind).label),
        VoucherValue.DEBIT: _side(line.debit),
        VoucherValue.CREDIT: _side(line.credit),
    }
    return values[VoucherValue(value)]


def _side(amount: Decimal) -> Decimal | None:
    return amount or None
