"""How many live cards are registered to one person (R85): the limits of an ID count over the whole register."""

from collections.abc import Collection, Mapping

from django.db.models import Count

from cards.choices import RegistrantKind
from cards.models import Card

ByCarrier = Mapping[int, int]


def cards_on_ids(card_ids: Collection[int] | None = None) -> Mapping[int, ByCarrier]:
    """Return the live cards by carrier of each person that some cards, or (None) any, are registered to.

    All cards of the person count, not only those asked for. A registrant is one ID: its fingerprint is unique, and
    without an ID number its name is.
    """
    found = Card.objects.live().filter(registrant__kind=RegistrantKind.PERSON)
    if card_ids is not None:
        found = found.filter(registrant__in=Card.objects.filter(pk__in=card_ids).values("registrant"))
    counted = found.order_by().values("registrant_id", "carrier_id").annotate(count=Count("pk"))
    known: dict[int, dict[int, int]] = {}
    for registrant, carrier, count in counted.values_list("registrant_id", "carrier_id", "count"):
        known.setdefault(registrant, {})[carrier] = count
    return known
