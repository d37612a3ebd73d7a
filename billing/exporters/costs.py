"""The cost report as a file: a row a group, 未分配 where nobody held the card, last column and row 合计."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from billing.selectors.cost_rows import BY_LABELS, CostBy, CostReport, CostRow
from cardfleet.kernel.errors import Text
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value, csv_chunks, write_xlsx

DETAILS: dict[CostBy, Text] = {CostBy.AGENT: _("Staff number"), CostBy.CARD: "ICCID", CostBy.PLAN: _("Carrier")}


def as_csv(report: CostReport) -> Iterator[bytes]:
    """Yield the report as CSV."""
    return csv_chunks(_columns(report), _rows(report))


def as_xlsx(report: CostReport, target: BinaryIO) -> None:
    """Write the report as a workbook."""
    write_xlsx(target, _columns(report), _rows(report))


def file_name(report: CostReport, suffix: str) -> str:
    """Return a name such as costs-2026-10-agent.csv."""
    return f"costs-{report.month:%Y-%m}-{report.by}.{suffix}"


def _columns(report: CostReport) -> list[Column]:
    detail = [Column(DETAILS[report.by])] if report.by in DETAILS else []
    return [
        Column(BY_LABELS[report.by]),
        *detail,
        Column(_("Cards"), ColumnKind.INTEGER),
        Column(_("Outgoing minutes"), ColumnKind.INTEGER),
        Column(_("Monthly fee"), ColumnKind.MONEY),
        Column(_("Calls"), ColumnKind.MONEY),
        Column(_("Other"), ColumnKind.MONEY),
        Column(_("Total"), ColumnKind.MONEY),
    ]


def _rows(report: CostReport) -> Iterator[list[Value]]:
    with_detail = report.by in DETAILS
    for row in report.rows:
        yield _cells(row, row.name, [row.detail] if with_detail else [])
    yield _cells(report.total, str(_("Total")), [""] if with_detail else [])


def _cells(row: CostRow, name: str, detail: list[str]) -> list[Value]:
    return [name, *detail, row.cards, row.minutes, row.monthly, row.calls, row.other, row.total]
