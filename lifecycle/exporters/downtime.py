"""The downtime report as a file: a row a group, the last row their sum."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value, csv_chunks, write_xlsx
from lifecycle.rules.downtime import DowntimeRow
from lifecycle.selectors.downtime import DowntimeReport


def as_csv(report: DowntimeReport) -> Iterator[bytes]:
    """Yield the report as CSV."""
    return csv_chunks(_columns(report), _rows(report))


def as_xlsx(report: DowntimeReport, target: BinaryIO) -> None:
    """Write the report as a workbook."""
    write_xlsx(target, _columns(report), _rows(report))


def file_name(report: DowntimeReport, number: str, suffix: str) -> str:
    """Return a name such as downtime-2026-10-carrier-5f0c91de.csv; the journal knows the number."""
    return f"downtime-{report.month:%Y-%m}-{report.by}-{number}.{suffix}"


def _columns(report: DowntimeReport) -> list[Column]:
    return [
        Column(report.by.label),
        Column(_("Stops"), ColumnKind.INTEGER),
        Column(_("Cards"), ColumnKind.INTEGER),
        Column(_("Restored"), ColumnKind.INTEGER),
        Column(_("Hours to restore"), ColumnKind.MONEY),
        Column(_("Downtime (minutes)"), ColumnKind.INTEGER),
        Column(_("In calling hours (minutes)"), ColumnKind.INTEGER),
        Column(_("Agents standing still"), ColumnKind.INTEGER),
        Column(_("Customers concerned"), ColumnKind.INTEGER),
        Column(_("Estimated loss (CNY)"), ColumnKind.MONEY),
    ]


def _rows(report: DowntimeReport) -> Iterator[list[Value]]:
    for named in report.rows:
        yield _cells(named.name, named.row)
    yield _cells(str(_("Total")), report.total)


def _cells(name: str, row: DowntimeRow) -> list[Value]:
    return [
        name,
        row.stops,
        row.cards,
        row.restored,
        row.to_restore,
        row.seconds // 60,
        row.calling_seconds // 60,
        row.idle_agents,
        row.customers,
        row.loss,
    ]
