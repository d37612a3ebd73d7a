"""Writing many cards at once: one statement a thousand rows, whatever differs between them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cards.models import Card

ROWS_A_STATEMENT = 1000


def write_cards(cards: Sequence[Card], fields: Iterable[str], *, now: datetime) -> None:
    """Store the named fields of cards that the caller loaded whole and locked, in the caller's transaction.

    An INSERT that always meets its row takes the values as they are, where an UPDATE of many rows needs a CASE a
    field and is some ten times slower.
    """
    for card in cards:
        card.updated_at = now
    Card.objects.bulk_create(
        cards,
        batch_size=ROWS_A_STATEMENT,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=sorted({*fields, "updated_at"}),
    )
