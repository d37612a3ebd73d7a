"""How grave it is that somebody who left still has a card, in hand or in their name (R76; 反诈法 art. 31)."""

from dataclasses import dataclass
from datetime import date

from agents.choices import LeavingTaskKind
from cards.choices import Severity

HELD_BY_LEAVER = "leaver_holds"
REGISTERED_TO_LEAVER = "leaver_registered"


@dataclass(frozen=True, kw_only=True)
class OpenCard:
    """A card a leaver still has: which task is undone, since when they are gone, by which day it was to be done."""

    kind: str
    left_on: date
    due_on: date


@dataclass(frozen=True)
class Grave:
    """The code of an alert and its severity."""

    code: str
    severity: str


def grave(card: OpenCard, *, today: date) -> Grave | None:
    """Return what to say of a card: one in hand is grave at once, one in the leaver's name when its day is over."""
    if card.kind == LeavingTaskKind.RETURN:
        return Grave(HELD_BY_LEAVER, Severity.CRITICAL)
    if card.kind == LeavingTaskKind.USER and card.due_on < today:
        return Grave(REGISTERED_TO_LEAVER, Severity.HIGH)
    return None
