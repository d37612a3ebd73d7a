"""Journal entries as people read them."""

from collections.abc import Iterable
from dataclasses import dataclass

from cardfleet.journal.models import Entry
from cardfleet.journal.registry import Action, describe


@dataclass(frozen=True)
class Told:
    """An entry with the words and icon of its action."""

    entry: Entry
    action: Action

    @property
    def details(self) -> str:
        """What was recorded beside it, as `from: 1 · to: 2`."""
        return " · ".join(f"{name}: {value}" for name, value in self.entry.data.items() if value not in (None, "", []))


def told(entries: Iterable[Entry]) -> list[Told]:
    """Return entries with their words."""
    return [Told(entry, describe(entry.action)) for entry in entries]


def timeline(subject: str, *, limit: int) -> list[Told]:
    """Return the latest entries about a subject (`cards.card:7`), newest first."""
    return told(Entry.objects.about(subject).select_related("actor").order_by("-id")[:limit])
