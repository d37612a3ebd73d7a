"""Top-ups of many cards as a table: number and amount, in any order, under Chinese or English names (R28)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _

from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cardfleet.kernel.tabular import Header, find_header, open_table
from cards.rules.identifiers import normalise_msisdn

ALIASES = {
    "number": ("手机号", "手机号码", "号码", "电话号码", "msisdn", "number"),
    "amount": ("金额", "充值金额", "缴费金额", "面值", "amount"),
    "reference": ("流水号", "凭证号", "订单号", "交易号", "reference"),
    "reason": ("用途", "原因", "备注", "说明", "reason", "note"),
}
MOST_ROWS = 300


@dataclass(frozen=True, kw_only=True)
class TopUpLine:
    """One row: number and CNY, or why it cannot be read."""

    line: int
    msisdn: str = ""
    amount: Decimal = ZERO
    reference: str = ""
    reason: str = ""
    fault: Reason | None = None


def read_top_ups(file: BinaryIO, name: str) -> list[TopUpLine]:
    """Return the rows of a table. BadInput for one without the columns, without rows, or with too many."""
    rows = open_table(file, name).rows()
    header = find_header(rows, ALIASES, ["number", "amount"])
    found = [_read(header, line, cells) for line, cells in rows if any(tidy(cell) for cell in cells)]
    if found and len(found) <= MOST_ROWS:
        return found
    message = _("A file holds one to %(most)s top-ups. Send it in parts.") % {"most": MOST_ROWS}
    raise BadInput(reasons=[Reason(code="rows", field="file", message=message, value=str(len(found)))])


def _read(header: Header, line: int, cells: Sequence[str]) -> TopUpLine:
    field = "number"
    try:
        msisdn = normalise_msisdn(header.cell(cells, field))
        field = "amount"
        amount = read_amount(header.cell(cells, field))
    except Unreadable as error:
        title = header.titles.get(field, field)
        shown = header.cell(cells, field).strip()[:40] if field == "amount" else ""
        return TopUpLine(line=line, fault=error.as_reason(value=shown, line=line, column=title))
    return TopUpLine(
        line=line,
        msisdn=msisdn,
        amount=amount,
        reference=tidy(header.cell(cells, "reference"))[:120],
        reason=tidy(header.cell(cells, "reason"))[:200],
    )
