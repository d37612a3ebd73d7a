"""The journal as other programs read it: an event is a sealed entry, in the feed and in webhooks alike."""

import re
from typing import Any, TypedDict

from cardfleet.journal.models import Seal

# Codes, ids, days, moments and amounts. What people type is not among them, nor is a number of a person.
FOR_PROGRAMS = re.compile(r"(?!\+?\d{7,}$)[A-Za-z0-9_.:+\-]{1,100}")


class Actor(TypedDict):
    """Who did it, by what leads to them."""

    id: int
    staff_no: str | None


class Event(TypedDict):
    """An event: `id` is the position in the journal, `type` the action; the reason, which people typed, is left out."""

    id: int
    type: str
    time: str
    actor: Actor | None
    subject: str
    related: list[str]
    data: dict[str, Any]


def event_of(seal: Seal) -> Event:
    """Return the event of a place in the journal, whose entry and actor are loaded."""
    entry = seal.entry
    actor: Any = entry.actor
    return Event(
        id=seal.position,
        type=entry.action,
        time=entry.at.isoformat(),
        actor=Actor(id=actor.pk, staff_no=actor.staff_no) if actor else None,
        subject=entry.subject,
        related=entry.related,
        data=for_programs(entry.data),
    )


def for_programs(value: Any) -> Any:
    """Return what was recorded beside a deed with null in place of every text that somebody may have typed."""
    match value:
        case dict():
            return {name: for_programs(part) for name, part in value.items()}
        case list():
            return [for_programs(part) for part in value]
        case str():
            return value if FOR_PROGRAMS.fullmatch(value) else None
    return value
