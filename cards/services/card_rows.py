"""Writing many cards at once: one statement some thousand rows, whatever differs between them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cardfleet.kernel.bulk import insert_many
from cards.models import Card


def write_cards(cards: Sequence[Card], fields: Iterable[str], *, now: datetime) -> None:
    """Store the named fields of cards that the caller loaded whole and locked, in the caller's transaction.

    An INSERT that always meets its row takes the values as they are, where an UPDATE of many rows needs a CASE a
    field and is some ten times slower.
    """
    for card in cards:
        card.updated_at = now
    insert_many(cards, key="id", update={*fields, "updated_at"})
