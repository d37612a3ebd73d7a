"""Statements that are asked so often that putting a queryset into words takes longer than the answer.

A queryset made with sample values is compiled once; its words are then asked with other values, so that what it means
stays written in one place.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = tuple[Any, ...]


def words_of(queryset: "QuerySet[Any, Any]", names: Mapping[Any, str]) -> str:
    """Return the SQL of a queryset with `%(name)s` in the place of each sample value; whole numbers stay as they are.

    KeyError for any other value: it would have to be quoted.
    """
    words, values = queryset.query.sql_with_params()
    places = iter([_place(value, names) for value in values])
    return re.sub(r"(?<!%)%s", lambda _found: next(places), words)


def _place(value: Any, names: Mapping[Any, str]) -> str:
    if value not in names and isinstance(value, int):
        return str(int(value))
    return f"%({names[value]})s"


def rows_of(words: str, values: Mapping[str, Any]) -> Iterator[Row]:
    """Return the rows that a statement finds for named values."""
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        return iter(cursor.fetchall())
