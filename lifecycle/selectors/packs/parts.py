"""All tables of a pack in their order, and how many rows each would have."""

from collections.abc import Sequence
from dataclasses import dataclass

from cardfleet.kernel.errors import Text
from lifecycle.selectors.packs.actions import actions
from lifecycle.selectors.packs.calls import calls
from lifecycle.selectors.packs.cases import cases
from lifecycle.selectors.packs.conduct import conduct
from lifecycle.selectors.packs.custody import custody
from lifecycle.selectors.packs.people import people
from lifecycle.selectors.packs.registers import registers
from lifecycle.selectors.packs.registration import registration
from lifecycle.selectors.packs.scope import PackScope, Part

SUBJECTS = (registration, custody, calls, people, conduct, cases, actions, registers)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A table and how many rows it would have now."""

    title: Text
    path: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a pack would hold: so many cards, and its tables."""

    cards: int
    parts: Sequence[Counted]


def parts_of(scope: PackScope) -> list[Part]:
    """Return the tables of a pack; nothing is read yet."""
    return [part for subject in SUBJECTS for part in subject(scope)]


def previewed(scope: PackScope) -> Preview:
    """Return what a pack would hold, a statement a table."""
    parts = [Counted(title=part.title, path=part.path, rows=part.count()) for part in parts_of(scope)]
    return Preview(cards=scope.cards.count(), parts=parts)
