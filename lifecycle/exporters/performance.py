"""The month of agents as a file: a row an agent."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value, csv_chunks, write_xlsx
from lifecycle.selectors.performance import AgentMonth


def as_csv(rows: Sequence[AgentMonth]) -> Iterator[bytes]:
    """Yield the rows as CSV."""
    return csv_chunks(_columns(), map(_cells, rows))


def as_xlsx(rows: Sequence[AgentMonth], target: BinaryIO) -> None:
    """Write the rows as a workbook."""
    write_xlsx(target, _columns(), map(_cells, rows))


def _columns() -> list[Column]:
    return [
        Column(_("Staff number")),
        Column(_("Name")),
        Column(_("Team")),
        Column(_("Calls made"), ColumnKind.INTEGER),
        Column(_("Answered"), ColumnKind.INTEGER),
        Column(_("Minutes"), ColumnKind.INTEGER),
        Column(_("Cost (CNY)"), ColumnKind.MONEY),
        Column(_("Cost per answered call (CNY)"), ColumnKind.MONEY),
        Column(_("Limits broken"), ColumnKind.INTEGER),
        Column(_("Complaints"), ColumnKind.INTEGER),
        Column(_("Calls outside calling hours"), ColumnKind.INTEGER),
        Column(_("Calls checked"), ColumnKind.INTEGER),
        Column(_("Quality"), ColumnKind.MONEY),
        Column(_("Satisfaction"), ColumnKind.MONEY),
        Column(_("Training valid"), ColumnKind.TEXT),
    ]


def _cells(row: AgentMonth) -> list[Value]:
    person = row.agent.user
    return [
        person.staff_no or "",
        person.name,
        str(person.team or ""),
        row.calls,
        row.answered,
        row.minutes,
        row.cost,
        row.cost_per_answer,
        row.broken,
        row.complaints,
        row.outside,
        row.checks,
        row.points,
        row.satisfaction,
        str(_("yes") if row.standing.is_valid else _("no")),
    ]
