"""The cost report as a file: a row a group, 未分配 where nobody held the card, last column and row 合计."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import BinaryIO

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.exporters.cost_columns import BY_KIND, COUNTS, CostColumn, columns_in_file
from billing.selectors.cost_report import part_name
from billing.selectors.cost_rows import BY_LABELS, CostBy, CostReport, CostRow
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.downloads import download
from cardfleet.kernel.errors import Text
from cardfleet.kernel.spreadsheets import Column, Value, csv_chunks
from cardfleet.kernel.workbooks import Report, Sums, write_report

DETAILS: dict[CostBy, Text] = {
    CostBy.AGENT: gettext_lazy("Staff number"),
    CostBy.CARD: "ICCID",
    CostBy.PLAN: gettext_lazy("Carrier"),
}


def as_csv(report: CostReport) -> Iterator[bytes]:
    """Yield the report as CSV."""
    return csv_chunks(_columns(report), _lines(report))


def as_xlsx(report: CostReport, target: BinaryIO, *, mark: str, taken_by: str, now: datetime) -> int:
    """Write the report as a workbook that says who took it when, and return how many groups it has.

    `mark` is what the journal calls it.
    """
    *_rows, foot = _lines(report)
    figures, heads = columns_in_file(report), 1 + (report.by in DETAILS)
    first = heads + len(COUNTS)
    moment = to_the_minute(now)
    return write_report(
        target,
        Report(
            title=f"{report.month:%Y-%m}",
            columns=_columns(report),
            rows=_rows,
            foot=foot,
            sums=Sums(
                down=[*[False] * heads, *[column.adds for column in figures]],
                across=(first, first + len(BY_KIND) - 1),
            ),
            about_title=_("About this file"),
            about=_about(report, mark, taken_by, moment),
            stamp=f"CardFleet · {taken_by} · {moment}",
        ),
    )


def as_answer(
    report: CostReport, suffix: str, *, number: str, mark: str, taken_by: str, now: datetime
) -> HttpResponseBase:
    """Answer with the file, `suffix` csv or xlsx, that the journal knows by its number."""
    workbook = partial(as_xlsx, report, mark=mark, taken_by=taken_by, now=now)
    return download(file_name(report, number, suffix), as_csv=partial(as_csv, report), as_xlsx=workbook)


def file_name(report: CostReport, number: str, suffix: str) -> str:
    """Return a name such as costs-2026-10-agent-5f0c91de.csv: the number of the export marks a CSV."""
    return f"costs-{report.month:%Y-%m}-{report.by}-{number}.{suffix}"


def _about(report: CostReport, mark: str, taken_by: str, moment: str) -> list[tuple[Text, str]]:
    """Return the filters, the time and the person, which mark the file."""
    part = f"{BY_LABELS[report.part.of]}: {part_name(report)}" if report.part else _("everything in scope")
    return [
        (_("Report"), _("Monthly costs")),
        (_("Month"), f"{report.month:%Y-%m}"),
        (_("Grouped by"), str(BY_LABELS[report.by])),
        (_("Part of"), part),
        (_("Compared with"), f"{report.against:%Y-%m}" if report.against else _("nothing")),
        (_("Taken at"), f"{moment} (Asia/Shanghai)"),
        (_("Taken by"), taken_by),
        (_("Amounts"), _("CNY with VAT. VAT rates are as finance recorded them: check under the VAT law of 2026.")),
        (_("Mark"), _("For {name} only. That this file was taken is in the journal.").format(name=taken_by)),
        (_("In the journal as"), mark),
    ]


def _columns(report: CostReport) -> list[Column]:
    detail = [Column(DETAILS[report.by])] if report.by in DETAILS else []
    figures = columns_in_file(report)
    return [Column(BY_LABELS[report.by]), *detail, *[Column(figure.title, figure.kind) for figure in figures]]


def _lines(report: CostReport) -> Iterator[list[Value]]:
    with_detail = report.by in DETAILS
    figures = columns_in_file(report)
    for row in report.rows:
        yield _cells(row, figures, row.name, [row.detail] if with_detail else [])
    yield _cells(report.total, figures, _("Total"), [""] if with_detail else [])


def _cells(row: CostRow, figures: Sequence[CostColumn], name: str, detail: list[str]) -> list[Value]:
    return [name, *detail, *[figure.value(row) for figure in figures]]
