"""Entries as the chain reads them: a row of SQL into the facts that are hashed."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from cardfleet.journal.chain import Facts
from cardfleet.journal.redacting import mark_of

# The columns of `Row`, of an entry `e`; redactions as [[field, mark, after], ...], the first first.
COLUMNS = """
e.id, e.at, e.actor, e.action, e.subject, e.related, e.request_id, e.reason, e.data,
(SELECT jsonb_agg(jsonb_build_array(r.field, r.mark, r.after) ORDER BY r.id)
 FROM journal_redaction r WHERE r.entry_id = e.id)
"""


class Row(NamedTuple):
    """An entry as the database answers it, JSON as text."""

    pk: int
    at: datetime
    actor: int | None
    action: str
    subject: str
    related: str
    request_id: str
    reason: str
    data: str
    redactions: str | None


class Read(NamedTuple):
    """What of an entry is sealed, and whether its words are those that were written, or were left by a redaction."""

    facts: Facts
    is_redacted: bool
    is_as_left: bool


def reader() -> Callable[[Row], Read]:
    """Return what reads rows; it remembers marks of words that come again and again."""
    marks_of_reasons = lru_cache(maxsize=10_000)(mark_of)
    marks_of_data = lru_cache(maxsize=10_000)(lambda text: mark_of(json.loads(text)))

    def read(row: Row) -> Read:
        marks = {"reason": marks_of_reasons(row.reason), "data": marks_of_data(row.data)}
        redactions = orjson.loads(row.redactions) if row.redactions else []
        written, as_left = _written(marks, redactions)
        facts = Facts(
            pk=row.pk,
            at=row.at,
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            related=orjson.loads(row.related),
            request_id=row.request_id,
            reason_mark=written["reason"],
            data_mark=written["data"],
        )
        return Read(facts, bool(redactions), as_left)

    return read


def _written(marks: dict[str, Any], redactions: Sequence[Sequence[str]]) -> tuple[dict[str, str], bool]:
    """Return the marks of the words as they were written, and whether each redaction begins where the last one ended.

    From the last redaction backwards: what stands there now is what it left, what it found what the one before left.
    """
    written, as_left = dict(marks), True
    for field, mark, after in reversed(redactions):
        as_left = as_left and written[field] == after
        written[field] = mark
    return written, as_left
