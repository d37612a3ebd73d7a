"""What lies where, and how much of the fleet idles (R7, R95)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from cards.choices import CustodyState, ServiceState
from cards.models import Location
from cards.querysets import CardQuerySet
from cards.rules.stock import IDLE_DAYS, STORED, IdleStock

MOST_UNKNOWN = 50


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place with the cards in scope that lie there, and its slots."""

    location: Location
    cards: int
    slots: Sequence["Place"] = ()

    @property
    def total(self) -> int:
        """The cards at the place and in its slots."""
        return self.cards + sum(slot.cards for slot in self.slots)

    @property
    def room(self) -> int | None:
        """How many cards fit at the place and in its slots; None where either is not limited."""
        rooms = [self.location.capacity] if self.location.capacity or not self.slots else []
        rooms += [slot.location.capacity for slot in self.slots]
        return None if None in rooms else sum(filter(None, rooms))


@dataclass(frozen=True, kw_only=True)
class StockMap:
    """All places in use, and the names on cards in stock that are no place yet (name, cards), the most first.

    `nowhere` cards name no place at all.
    """

    places: Sequence[Place]
    unregistered: Sequence[tuple[str, int]]
    unregistered_count: int
    nowhere: int


def stored(cards: CardQuerySet) -> CardQuerySet:
    """Return the cards in nobody's hands."""
    return cards.filter(custody_state__in=STORED, holder=None)


def stock_map(cards: CardQuerySet) -> StockMap:
    """Return where the cards lie, in two queries."""
    rows = stored(cards).order_by().values("location").annotate(cards=Count("pk"))
    counts: dict[str, int] = dict(rows.values_list("location", "cards"))
    locations = list(Location.objects.select_related("custodian").filter(is_active=True))
    names = {location.name for location in locations}
    slots = [location for location in locations if location.within_id]
    unknown = sorted((pair for pair in counts.items() if pair[0] and pair[0] not in names), key=_most_first)
    return StockMap(
        places=[_place(location, slots, counts) for location in locations if not location.within_id],
        unregistered=unknown[:MOST_UNKNOWN],
        unregistered_count=len(unknown),
        nowhere=counts.get("", 0),
    )


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    name, count = pair
    return -count, name


def _place(location: Location, slots: Sequence[Location], counts: dict[str, int]) -> Place:
    own = [slot for slot in slots if slot.within_id == location.pk]
    return Place(
        location=location,
        cards=counts.get(location.name, 0),
        slots=[Place(location=slot, cards=counts.get(slot.name, 0)) for slot in own],
    )


def idle_stock(cards: CardQuerySet, *, now: datetime) -> IdleStock:
    """Return how many of the cards in service lie in stock, in one query."""
    lies = Q(custody_state__in=[CustodyState.IN_STOCK, CustodyState.SPARE])
    since = Q(custody_since__lt=now - timedelta(days=IDLE_DAYS))
    found = cards.filter(service_state=ServiceState.ACTIVE).aggregate(
        stored=Count("pk", filter=lies), long_stored=Count("pk", filter=lies & since), in_service=Count("pk")
    )
    return IdleStock(**found)
