"""What is done about a difference of a count (R7)."""

from dataclasses import dataclass

from agents.choices import Difference, Settlement
from cards.choices import CustodyState
from cards.rules.custody import legal_places
from cards.rules.stock import STORED


@dataclass(frozen=True, kw_only=True)
class CountedCard:
    """A card as it stands now: where, whether an agent holds it, and whether it is still where it was expected."""

    custody_state: str
    is_held: bool
    is_still_expected: bool


def remedy(difference: str, card: CountedCard | None, *, of_agent: bool) -> Settlement:
    """Return what settles a difference.

    A card found in an agent's hands that the books have elsewhere is only noted: handing it out has conditions of its
    own, which the desk asks. What changed since the count began is only noted, too.
    """
    if card is None:
        return Settlement.NOTED
    if difference == Difference.MISSING:
        lost = card.is_still_expected and CustodyState.MISSING in legal_places(card.custody_state)
        return Settlement.MISSING if lost else Settlement.NOTED
    if card.is_held and (not of_agent or card.custody_state == CustodyState.MISSING):
        return Settlement.TAKEN_BACK
    if of_agent:
        return Settlement.NOTED
    if card.custody_state == CustodyState.MISSING:
        return Settlement.RESTOCKED
    return Settlement.MOVED if card.custody_state in STORED else Settlement.NOTED
