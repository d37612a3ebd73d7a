"""Sealing anew, under the first of FIELD_KEYS, what an earlier key sealed; and telling which keys are still needed.

It goes in batches, each a statement of its own, so it may be killed at any moment and run again: what is sealed by the
first key is passed over. A value that somebody writes meanwhile is left as they wrote it. An app says in a module
named `sealed` what it keeps sealed elsewhere than in an `EncryptedField`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from cardfleet.kernel.crypto import EncryptedField

Token = tuple[object, bytes]
Renewed = tuple[object, bytes, bytes]
BATCH = 500


class Place(Protocol):
    """Where sealed values lie."""

    @property
    def name(self) -> str:
        """What the place is called in the code."""

    def batches(self, size: int) -> Iterator[list[Token]]:
        """Yield all ids with their tokens, some at a time."""

    def replace(self, renewed: Sequence[Renewed]) -> int:
        """Put new tokens where the old ones still stand, and return how many."""


@dataclass(frozen=True)
class Column:
    """A column of a table, or what stands in one under a key of its JSON."""

    name: str
    table: str
    pk: str
    column: str
    json_key: str = ""

    def batches(self, size: int) -> Iterator[list[Token]]:
        """Yield the tokens in the order of their rows' ids."""
        statement = sql.SQL("SELECT {pk}, {token} FROM {table} WHERE {pk} > %s AND {token} <> '' ORDER BY 1 LIMIT %s")
        after = -1
        while True:
            with connection.cursor() as cursor:
                cursor.execute(self._filled(statement), [after, size])
                rows = cursor.fetchall()
            if not rows:
                return
            yield [(pk, token.encode()) for pk, token in rows]
            after = rows[-1][0]

    def replace(self, renewed: Sequence[Renewed]) -> int:
        """Put new tokens where the old ones still stand, in one statement."""
        statement = sql.SQL(
            "UPDATE {table} SET {column} = {put} FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v(pk, old, new)"
            " WHERE {pk} = v.pk AND {token} = v.old"
        )
        pks, old, new = zip(*renewed, strict=True)
        texts = [[token.decode() for token in tokens] for tokens in (old, new)]
        with connection.cursor() as cursor:
            cursor.execute(self._filled(statement), [list(pks), *texts])
            return int(cursor.rowcount)

    def _filled(self, statement: sql.SQL) -> sql.Composed:
        column, key = sql.Identifier(self.column), sql.Literal(self.json_key)
        within = sql.SQL("jsonb_set({column}, ARRAY[{key}], to_jsonb(v.new))").format(column=column, key=key)
        return statement.format(
            table=sql.Identifier(self.table),
            pk=sql.Identifier(self.table, self.pk),
            column=column,
            token=sql.SQL("{} ->> {}").format(column, key) if self.json_key else column,
            put=within if self.json_key else sql.SQL("v.new"),
        )


_elsewhere: list[Place] = []


def register(place: Place) -> None:
    """Make known a place of sealed values."""
    _elsewhere.append(place)


def places() -> list[Place]:
    """Return every place: the encrypted fields of all models, and what apps registered."""
    fields = [
        Column(f"{model._meta.label}.{field.name}", model._meta.db_table, str(model._meta.pk.column), str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedField)
    ]
    return [*fields, *_elsewhere]


def opened_by(place: Place, *, size: int = BATCH) -> "Counter[int | None]":
    """Count the tokens of a place by the number (from 1) of the key that opens them; None where none does."""
    keys = [Fernet(key) for key in settings.FIELD_KEYS]
    return Counter(_opener(keys, token) for batch in place.batches(size) for _pk, token in batch)


def seal_anew(place: Place, *, size: int = BATCH) -> int:
    """Seal under the first key what another opens, and return how many; what none opens stays as it is."""
    keys = [Fernet(key) for key in settings.FIELD_KEYS]
    ring, changed = MultiFernet(keys), 0
    for batch in place.batches(size):
        old = [(pk, token) for pk, token in batch if (_opener(keys, token) or 1) > 1]
        if old:
            changed += place.replace([(pk, token, ring.rotate(token)) for pk, token in old])
    return changed


def _opener(keys: Sequence[Fernet], token: bytes) -> int | None:
    for number, key in enumerate(keys, start=1):
        try:
            key.decrypt(token)
        except InvalidToken:
            continue
        return number
    return None
