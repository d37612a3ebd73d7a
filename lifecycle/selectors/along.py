"""The cards before and after one, along the list that a person came from."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cards.models import Card
from lifecycle.selectors.fleet import ordered_ids

AROUND = 25
"""How far a card may have moved in its list since the list was shown."""


@dataclass(frozen=True, kw_only=True)
class Along:
    """A card's place in a list, from 0 on, and the ids of its neighbours."""

    at: int
    before: int | None
    after: int | None


def neighbours(cards: QuerySet[Card], *, sort: str, card_id: int, at: int) -> Along | None:
    """Return the neighbours of a card in a list of already scoped cards, looked for around the place it had.

    One statement; None where the card is no longer near that place.
    """
    first = max(at - AROUND, 0)
    ids = list(ordered_ids(cards, sort)[first : at + AROUND + 1])
    if card_id not in ids:
        return None
    place = ids.index(card_id)
    return Along(
        at=first + place,
        before=ids[place - 1] if place else None,
        after=ids[place + 1] if place + 1 < len(ids) else None,
    )
