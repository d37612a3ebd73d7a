"""The chain of the sealed journal: what is hashed, byte for byte, so that others can do it, too.

hash = SHA-256(hash before it as 32 bytes, 32 zero bytes for the first, and a JSON array without spaces in UTF-8):
[id, at, actor id, action, subject, [related], request id, mark of the reason, mark of the data]. `at` is UTC with
microseconds (`2026-11-20T02:30:00.000000+00:00`). A mark is a keyed hash (`redacting.mark_of`): what people typed can
be taken out later, and nobody can find it by trying. Where it was taken out, the mark of what stood there counts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What of an entry is sealed. Reason and data by their marks as they were when they were written."""

    pk: int
    at: datetime
    actor: int | None
    action: str
    subject: str
    related: Sequence[str]
    request_id: str
    reason_mark: str
    data_mark: str


def link(before: str, facts: Facts) -> str:
    """Return the hash (64 hex digits) of an entry that follows the place with the hash `before`."""
    canonical = orjson.dumps(
        [
            facts.pk,
            facts.at.astimezone(UTC).isoformat(timespec="microseconds"),
            facts.actor,
            facts.action,
            facts.subject,
            facts.related,
            facts.request_id,
            facts.reason_mark,
            facts.data_mark,
        ]
    )
    return hashlib.sha256(bytes.fromhex(before) + canonical).hexdigest()
