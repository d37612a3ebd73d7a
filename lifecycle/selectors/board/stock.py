"""How many cards are in which state, and how many spares could be put to work, by carrier."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from cards.choices import ENDED, CustodyState, RealNameState, ServiceState
from cards.models import Card

IN_STOCK = (CustodyState.IN_STOCK, CustodyState.SPARE)


@dataclass(frozen=True, kw_only=True)
class Standby:
    """A carrier's cards in stock and how many of them may be handed out: in service, real-name in order."""

    carrier_id: int
    name: str
    ready: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Live cards by service state, commonest first, and standby by carrier with why the rest is not ready."""

    states: Sequence[tuple[str, int]]
    standby: Sequence[Standby]
    not_in_service: int
    not_registered: int

    @property
    def cards(self) -> int:
        """How many live cards there are."""
        return sum(count for _, count in self.states)

    @property
    def usable(self) -> float:
        """The share in service, per cent to one decimal."""
        active = dict(self.states).get(ServiceState.ACTIVE, 0)
        return round(active * 100 / self.cards, 1) if self.cards else 0.0

    @property
    def ready(self) -> int:
        """Spares that may be handed out."""
        return sum(one.ready for one in self.standby)

    @property
    def held(self) -> int:
        """Spares in all."""
        return sum(one.held for one in self.standby)


def stock(cards: QuerySet[Card]) -> Stock:
    """Return states and standby of a scope, in one statement."""
    in_stock = Case(When(custody_state__in=IN_STOCK, then=Value(1)), default=Value(0), output_field=IntegerField())
    groups = list(
        cards.exclude(service_state__in=ENDED)
        .order_by()
        .values("service_state", "real_name_state", "carrier_id", "carrier__name", in_stock=in_stock)
        .annotate(count=Count("pk"))
    )
    states: Counter[str] = Counter()
    for group in groups:
        states[group["service_state"]] += group["count"]
    spares = [group for group in groups if group["in_stock"]]
    return Stock(
        states=states.most_common(),
        standby=_standby(spares),
        not_in_service=_sum(group for group in spares if not _active(group)),
        not_registered=_sum(group for group in spares if _active(group) and not _ready(group)),
    )


def _standby(spares: Sequence[Mapping[str, Any]]) -> list[Standby]:
    carriers = {group["carrier_id"]: group["carrier__name"] for group in spares}
    found = [
        Standby(
            carrier_id=pk,
            name=name,
            ready=_sum(group for group in spares if group["carrier_id"] == pk and _ready(group)),
            held=_sum(group for group in spares if group["carrier_id"] == pk),
        )
        for pk, name in carriers.items()
    ]
    return sorted(found, key=lambda one: (-one.held, one.name))


def _active(group: Mapping[str, Any]) -> bool:
    return bool(group["service_state"] == ServiceState.ACTIVE)


def _ready(group: Mapping[str, Any]) -> bool:
    return _active(group) and group["real_name_state"] == RealNameState.VALID


def _sum(groups: Iterable[Mapping[str, Any]]) -> int:
    return sum(group["count"] for group in groups)
