"""Large CSV by COPY: the same cells as the small ones, in pieces, and given up without harm."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, IntegerField, TextField, Value
from psycopg2.errors import DivisionByZero

from cardfleet.accounts.models import Team
from cardfleet.kernel.copying import copied_csv, copy_out
from cardfleet.kernel.spreadsheets import Column, ColumnKind, csv_chunks
from tests.factories.accounts import TeamFactory

COLUMNS = [
    Column("Text"),
    Column("Empty"),
    Column("Nothing"),
    Column("Day", ColumnKind.DATE),
    Column("Moment", ColumnKind.DATETIME),
    Column("Money", ColumnKind.MONEY),
    Column("Count", ColumnKind.INTEGER),
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["坐席", '=cmd|"x"', "+8613800001234", "-1", "@a", "\tb", "\rc", "a,b", 'a"b', "a\nb"])
def test_cells_are_those_of_the_small_tables(text: str) -> None:
    """Texts that a spreadsheet would run are guarded, negative amounts stay numbers, moments are Shanghai's."""
    row = [text, "", None, date(2026, 11, 20), datetime(2026, 11, 20, 2, 30, tzinfo=UTC), Decimal("-1.50"), -3]
    kinds = [
        TextField,
        TextField,
        TextField,
        DateField,
        DateTimeField,
        lambda: DecimalField(decimal_places=2),
        IntegerField,
    ]
    TeamFactory()
    values = [Value(value, output_field=kind()) for value, kind in zip(row, kinds, strict=True)]
    copied = b"".join(copied_csv(COLUMNS, Team.objects.values_list(*values)))
    assert copied.replace(b"\r\n", b"\n") == b"".join(csv_chunks(COLUMNS, [row])).replace(b"\r\n", b"\n")


@pytest.mark.django_db
def test_an_error_of_the_database_reaches_who_asks() -> None:
    with pytest.raises(DivisionByZero):
        list(copy_out("COPY (SELECT 1 / (3 - i) FROM generate_series(1, 5) i) TO STDOUT"))


@pytest.mark.django_db(transaction=True)
def test_who_stops_asking_leaves_a_usable_connection() -> None:
    pieces = copy_out("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT")
    next(pieces)
    pieces.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
