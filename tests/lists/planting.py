"""Texts that a spreadsheet would run, put wherever words of somebody may stand; and what of them a file lets live."""

import csv
import io
import zipfile
from collections.abc import Iterator

import openpyxl
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.utils import DataError

from cardfleet.kernel.personal import kept

SIGNS = ("=", "+", "-", "@", "\t", "\r")
MARK = "§"
# What programs know things and states by.
CODES = {"action", "category", "code", "cron", "format", "from_state", "key", "kind", "purpose", "to_state"}
CODE = {"cards.cardchange.reason"}
# One sign after another down the rows; MARK tells what was planted from a number below zero or one with its country.
PLANT = """
UPDATE {table} SET {column} = left(
    (%s::text[])[1 + (planted.turn + %s) %% %s] || %s || {table}.{column}
    || CASE {table}.{column} WHEN '' THEN planted.turn::text ELSE '' END, %s
) FROM (SELECT tableoid AS part, ctid AS spot, row_number() OVER (ORDER BY ctid) AS turn FROM {table}) AS planted
WHERE {table}.tableoid = planted.part AND {table}.ctid = planted.spot
"""


def plant() -> None:
    """Put a sign before every text in the database.

    Those the database itself keeps in a shape (numbers, digests) refuse it. Triggers are out of force meanwhile, so
    the test has to own the tables.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for turn, field in enumerate(columns()):
            table, column = field.model._meta.db_table, field.column
            statement = PLANT.format(table=f'"{table}"', column=f'"{column}"')
            try:
                with transaction.atomic():
                    cursor.execute(statement, [list(SIGNS), turn, len(SIGNS), MARK, field.max_length or 10_000])
            except (IntegrityError, DataError):
                continue
        cursor.execute("SET LOCAL session_replication_role = origin")


def columns() -> Iterator[models.Field]:
    """Yield the columns of text that are classified as such, but for codes of programs."""
    for label, keeps in sorted(kept().items()):
        meta = apps.get_model(label)._meta
        for name in sorted({*keeps.blank, *keeps.says, *keeps.own, *keeps.plain} - CODES):
            field = meta.get_field(name)
            is_text = type(field) in (models.CharField, models.TextField) and not field.primary_key
            if is_text and f"{label}.{name}" not in CODE:
                yield field


def cells(content: bytes) -> Iterator[tuple[str, bool]]:
    """Yield each cell of a CSV, an XLSX or of all tables in a ZIP as its text, and whether a spreadsheet runs it."""
    if not content.startswith(b"PK"):
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            yield from ((cell, cell.startswith(SIGNS) and not is_number(cell)) for cell in row)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            for name in names:
                if name.endswith((".csv", ".xlsx")):
                    yield from cells(archive.read(name))
            return
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                text = "" if cell.value is None else str(cell.value)
                runs = text.startswith(SIGNS) and not is_number(text)
                # A report adds its own columns up.
                yield text, runs and not (cell.data_type == "f" and text.startswith("=SUM("))


def is_number(text: str) -> bool:
    """Tell whether a cell is an amount below zero."""
    return text.startswith("-") and text[1:].replace(".", "", 1).isdigit()


def looked_at(content: bytes) -> tuple[list[str], set[str]]:
    """Return the cells of a file that a spreadsheet runs, and the signs of those that were made texts."""
    live, tame = [], set()
    for text, runs in cells(content):
        if runs:
            live.append(text)
        elif text[:1] == "'" and text[1:].startswith(SIGNS):
            tame.add(text[1])
    return live, tame
