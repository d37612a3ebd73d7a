"""The figures of ended cases as a file."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.spreadsheets import Column, ColumnKind, csv_chunks
from lifecycle.selectors.cases.figures import Ended

COLUMNS = (
    Column(_("Carrier")),
    Column(_("Kind")),
    Column(_("Reason")),
    Column(_("Cases ended"), ColumnKind.INTEGER),
    Column(_("Cards back"), ColumnKind.INTEGER),
    Column(_("Share back %"), ColumnKind.TEXT),
    Column(_("Median hours"), ColumnKind.TEXT),
    Column(_("90 of 100 within hours"), ColumnKind.TEXT),
    Column(_("Fees"), ColumnKind.MONEY),
)


def file_name(day: date, days: int) -> str:
    """Return a name such as cases-2026-11-20-90.csv."""
    return f"cases-{day}-{days}.csv"


def as_csv(rows: Sequence[Ended]) -> Iterator[bytes]:
    """Yield the figures as CSV, a row a carrier, kind and reason."""
    return csv_chunks(
        COLUMNS,
        (
            [
                row.carrier,
                str(row.kind_label),
                str(row.reason_label),
                row.cases,
                row.back,
                row.share,
                row.median,
                row.slowest,
                row.cost,
            ]
            for row in rows
        ),
    )
