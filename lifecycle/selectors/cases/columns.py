"""The case board: cases by what they wait for, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from lifecycle.choices import CaseColumn
from lifecycle.models import Case
from lifecycle.selectors.cases.progress import RELATED, CaseRow, rows_of, with_column

SHOWN = 12
COLUMNS = tuple(column for column in CaseColumn if column != CaseColumn.ENDED)

PLACED = """
WITH waiting (id, told, due) AS MATERIALIZED ({waiting}),
ranked AS (
    SELECT id, told, row_number() OVER (PARTITION BY told ORDER BY due NULLS LAST, id) AS place,
        count(*) OVER (PARTITION BY told) AS count, count(*) FILTER (WHERE due < %s) OVER (PARTITION BY told) AS late
    FROM waiting)
SELECT id, told, count, late FROM ranked WHERE place <= %s ORDER BY told, place
"""


class _Placed(NamedTuple):
    """A case to be shown, with how many its column holds."""

    case_id: int
    column: str
    in_all: int
    late: int


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    """A column: what its cases wait for, how many there are, and the first of them."""

    column: CaseColumn
    count: int
    late: int
    rows: Sequence[CaseRow]


def board_columns(cases: QuerySet[Case], *, now: datetime) -> list[BoardColumn]:
    """Return the columns of open cases of a scope, in three statements; what each case waits for is found out once."""
    placed = _placed(cases, now)
    known = Case.objects.select_related(*RELATED).in_bulk([one.case_id for one in placed])
    rows = {row.case.pk: row for row in rows_of(list(known.values()), now=now)}
    return [_column(column, [one for one in placed if one.column == column], rows) for column in COLUMNS]


def _placed(cases: QuerySet[Case], now: datetime) -> list[_Placed]:
    waiting = with_column(cases.filter(closed_at__isnull=True)).order_by().values_list("pk", "column", "due_at")
    try:
        words, values = waiting.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(PLACED.format(waiting=words), [*values, now, SHOWN])
        return [_Placed(*row) for row in cursor]


def _column(column: CaseColumn, placed: Sequence[_Placed], rows: Mapping[int, CaseRow]) -> BoardColumn:
    first = placed[0] if placed else None
    return BoardColumn(
        column=column,
        count=first.in_all if first else 0,
        late=first.late if first else 0,
        rows=[rows[one.case_id] for one in placed if one.case_id in rows],
    )
