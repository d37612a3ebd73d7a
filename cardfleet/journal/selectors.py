"""Journal entries as people read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardfleet.journal.models import Entry
from cardfleet.journal.registry import Action, describe
from cardfleet.journal.subjects import Named, name_subjects
from cardfleet.journal.words import details, references
from cardfleet.kernel.errors import Text


@dataclass(frozen=True, kw_only=True)
class Told:
    """An entry with the words and icon of its action, what it is about, and what was recorded beside it."""

    entry: Entry
    action: Action
    subject: Named
    details: Sequence[tuple[Text, str]]


def told(entries: Iterable[Entry]) -> list[Told]:
    """Return entries in words; the number of queries depends on the kinds of things they name, not on how many."""
    read = [(entry, describe(entry.action)) for entry in entries]
    named = {entry.subject for entry, _action in read}
    named.update(thing for entry, action in read for thing in references(entry, action))
    names = name_subjects(named)
    return [
        Told(entry=entry, action=action, subject=names[entry.subject], details=list(details(entry, action, names)))
        for entry, action in read
    ]


def timeline(subject: str, *, limit: int, kinds: Sequence[str] = (), before: int | None = None) -> list[Told]:
    """Return the latest entries about a subject (`cards.card:7`), newest first.

    `kinds` are beginnings of action codes (`billing.`), any of which will do; `before` is the id of an entry that is
    not shown any more.
    """
    entries = Entry.objects.about(subject, limit=limit, kinds=kinds, before=before)
    return told(entries.select_related("actor").order_by("-id"))
