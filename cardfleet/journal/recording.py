"""Writing journal entries: called by every service, in its own transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from cardfleet.journal import registry
from cardfleet.journal.models import Entry
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.logs import request_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

RECORD_ROWS = """
INSERT INTO journal_entry (at, actor, action, subject, related, reason, data, request_id)
SELECT %(at)s, %(actor)s, %(action)s, deed.subject, '[]', %(reason)s, deed.data, %(request_id)s
FROM ({deeds}) deed
"""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One deed to be written: `subject` and `related` are model instances or subject texts."""

    action: str
    subject: models.Model | str
    related: tuple[models.Model | str, ...] = ()
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def subject_of(thing: models.Model | str) -> str:
    """Return `<app label>.<model>:<pk>`."""
    return thing if isinstance(thing, str) else f"{thing._meta.label_lower}:{thing.pk}"


def record(
    *,
    actor: "AbstractBaseUser | None",
    action: str,
    subject: models.Model | str,
    now: datetime,
    related: tuple[models.Model | str, ...] = (),
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one entry. KeyError when the action is not registered, RuntimeError outside a transaction."""
    deed = Deed(action=action, subject=subject, related=related, reason=reason, data=data or {})
    return record_many([deed], actor=actor, now=now)[0]


def record_many(deeds: Iterable[Deed], *, actor: "AbstractBaseUser | None", now: datetime) -> list[Entry]:
    """Write many entries in one statement, in the caller's transaction; errors as `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry is written in the transaction of the deed it records")
    request = request_id()
    entries = [
        Entry(
            at=now,
            actor_id=actor.pk if actor else None,
            action=registry.action(deed.action).code,
            subject=subject_of(deed.subject),
            related=[subject_of(thing) for thing in deed.related],
            reason=deed.reason,
            data=dict(deed.data),
            request_id=request,
        )
        for deed in deeds
    ]
    insert_many(entries)
    return entries


def record_rows(
    deeds: str,
    *,
    action: str,
    reason: str = "",
    actor: "AbstractBaseUser | None",
    now: datetime,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Write an entry of one action for each row (subject text, data jsonb) of SQL, and return how many; as `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry is written in the transaction of the deed it records")
    whole = {
        "at": now,
        "actor": actor.pk if actor else None,
        "action": registry.action(action).code,
        "reason": reason,
        "request_id": request_id(),
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD_ROWS.format(deeds=deeds), {**(parameters or {}), **whole})
        return int(cursor.rowcount)
