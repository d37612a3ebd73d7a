"""What cards belong to, for those who are told of what happens to them."""

from collections.abc import Collection

from cards.models import Card


def belongings_of_cards(ids: Collection[int]) -> dict[int, set[str]]:
    """Return carrier, team and the teams above that cards belong to now, as `cards.carrier:3`, `accounts.team:5`."""
    cards = Card.objects.filter(pk__in=ids).values_list("pk", "carrier", "team__path")
    return {
        pk: {f"cards.carrier:{carrier}", *(f"accounts.team:{team}" for team in (path or "").split("/") if team)}
        for pk, carrier, path in cards
    }
