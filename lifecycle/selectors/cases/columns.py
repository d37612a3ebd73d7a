"""The case board: cases by what they wait for, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet

from lifecycle.choices import CaseColumn
from lifecycle.models import Case
from lifecycle.selectors.cases.progress import RELATED, CaseRow, rows_of, with_column

SHOWN = 12
COLUMNS = tuple(column for column in CaseColumn if column != CaseColumn.ENDED)


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    """A column: what its cases wait for, how many there are, and the first of them."""

    column: CaseColumn
    count: int
    late: int
    rows: Sequence[CaseRow]


def board_columns(cases: QuerySet[Case], *, now: datetime) -> list[BoardColumn]:
    """Return the columns of open cases of a scope; a fixed number of queries."""
    placed = with_column(cases.filter(closed_at__isnull=True))
    counted = placed.order_by().values("column")
    counts = dict(counted.values_list("column").annotate(Count("pk")))
    late = dict(counted.filter(due_at__lt=now).values_list("column").annotate(Count("pk")))
    return [
        BoardColumn(
            column=column, count=counts.get(column, 0), late=late.get(column, 0), rows=_rows(placed, column, now)
        )
        for column in COLUMNS
    ]


def _rows(placed: "QuerySet[Any, Any]", column: CaseColumn, now: datetime) -> Sequence[CaseRow]:
    urgent = placed.filter(column=column).order_by(F("due_at").asc(nulls_last=True), "pk")
    return rows_of(list(urgent.select_related(*RELATED)[:SHOWN]), now=now)
