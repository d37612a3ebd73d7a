"""Statements that are asked so often that putting a queryset into words, or planning it, takes longer than the answer.

A queryset made with sample values is compiled once; its words are then asked with other values, so that what it means
stays written in one place. PostgreSQL plans them once a connection.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

Row = tuple[Any, ...]
Made = TypeVar("Made", bound=Model)
NAMED = re.compile(r"%\((\w+)\)s")
# Which statements each connection knows. A pooler that lends connections by transaction would break that, and is told
# to Django as DISABLE_SERVER_SIDE_CURSORS.
_KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared(NamedTuple):
    """A statement as PostgreSQL keeps it: its name, what makes it known, and what asks it with named values."""

    name: str
    known_by: str
    asked_by: str


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
    """Return the rows that a statement finds for named values; each value by its name, wherever the words need it.

    The statement is planned once a connection: use it for look-ups by key, whose best plan no value changes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_known(words), values)
        return iter(cursor.fetchall())


def columns_of(model: type[Model]) -> list[str]:
    """Return the columns that make a row of a model, in the order in which `made_of` takes them."""
    return [field.attname for field in model._meta.concrete_fields]


def made_of(model: type[Made], columns: Iterator[Any]) -> Made:
    """Take the columns of a row from those of a statement and return it."""
    names = columns_of(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, [next(columns) for _name in names])


def _known(words: str) -> str:
    """Return what asks a statement, made known to the connection if it is not yet."""
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return words
    prepared, known = _prepared(words), _KNOWN.setdefault(connection.connection, set())
    if prepared.name not in known:
        with connection.connection.cursor() as cursor:
            cursor.execute(prepared.known_by)
        known.add(prepared.name)
    return prepared.asked_by


@cache
def _prepared(words: str) -> Prepared:
    names: list[str] = list(dict.fromkeys(NAMED.findall(words)))
    body = NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", words).replace("%%", "%")
    name = f"asked_{blake2b(words.encode(), digest_size=8).hexdigest()}"
    given = f"({', '.join(f'%({each})s' for each in names)})" if names else ""
    return Prepared(name=name, known_by=f"PREPARE {name} AS {body}", asked_by=f"EXECUTE {name} {given}")
