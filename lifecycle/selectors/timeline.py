"""The timeline of a card: its journal, by kind, the latest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.recording import subject_of
from cardfleet.journal.selectors import Told, timeline
from cardfleet.kernel.errors import Text
from cards.models import Card

PAGE = 20
# Each kind with the beginnings of the action codes that it is made of.
KINDS: Mapping[str, tuple[Text, Sequence[str]]] = {
    "": (_("All"), ()),
    "states": (_("States"), ("cards.service_state_",)),
    "handout": (_("Handed over"), ("agents.", "cards.custody_")),
    "money": (_("Money"), ("billing.",)),
    "risk": (_("Risk"), ("lifecycle.",)),
    "facts": (_("Facts"), ("cards.card_", "cards.tags_", "cards.secret")),
    "papers": (_("Notes and documents"), ("cards.note_", "files.")),
}


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Some entries, the latest first, and whether there are earlier ones."""

    told: Sequence[Told]
    more: bool


def card_timeline(card: Card, *, kind: str = "", before: int | None = None) -> Lines:
    """Return the latest entries of a kind about a card, those before an entry's id where one is given."""
    told = timeline(subject_of(card), limit=PAGE + 1, kinds=KINDS[kind][1], before=before)
    return Lines(told=told[:PAGE], more=len(told) > PAGE)
