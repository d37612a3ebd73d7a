"""How many cards are in which state, and how many spares could be put to work, by carrier."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from cardfleet.kernel.clock import SHANGHAI, business_day, day_start
from cards.choices import ENDED, STOPPED, Axis, CustodyState, RealNameState, ServiceState
from cards.models import Card, CardChange, Carrier
from lifecycle.rules.standby import DAYS, standby_target

IN_STOCK = (CustodyState.IN_STOCK, CustodyState.SPARE)
SOON, NEXT_DAYS = 30, 7
# A stop of one's own making needs no spare.
UNWANTED = STOPPED - {ServiceState.VOLUNTARY_STOP, ServiceState.PRE_CANCELLED}


@dataclass(frozen=True, kw_only=True)
class Standby:
    """A carrier's cards in stock and how many of them may be handed out: in service, real-name in order.

    `target` is how many ready ones are enough, after the stops of the last 30 days (R55).
    """

    carrier_id: int
    name: str
    ready: int
    held: int
    target: int

    @property
    def lacking(self) -> int:
        """How many more are wanted."""
        return max(self.target - self.ready, 0)

    @property
    def scale(self) -> int:
        """What the whole bar stands for."""
        return max(self.held, self.target)


@dataclass(frozen=True, kw_only=True)
class Spares:
    """How many of a carrier's cards in stock may be handed out, and how many are enough (R55)."""

    ready: int
    target: int


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Live cards by service state, commonest first, and standby by carrier with why the rest is not ready.

    `expiring` and `expiring_next` are those whose validity ends within 30 and 7 days, or has ended.
    """

    states: Sequence[tuple[str, int]]
    standby: Sequence[Standby]
    not_in_service: int
    not_registered: int
    expiring: int
    expiring_next: int

    @property
    def cards(self) -> int:
        """How many live cards there are."""
        return sum(count for _, count in self.states)

    @property
    def stopped(self) -> int:
        """How many of them are stopped."""
        return sum(count for state, count in self.states if state in STOPPED)

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


def stock(cards: QuerySet[Card], *, now: datetime) -> Stock:
    """Return states and standby of a scope, in three statements of which one reads its cards."""
    today = business_day(now)
    in_stock = Case(When(custody_state__in=IN_STOCK, then=Value(1)), default=Value(0), output_field=IntegerField())
    groups = list(
        cards.exclude(service_state__in=ENDED)
        .order_by()
        .values("service_state", "real_name_state", "carrier_id", in_stock=in_stock)
        .annotate(
            count=Count("pk"),
            soon=Count("pk", filter=Q(expires_on__lte=today + timedelta(days=SOON))),
            next=Count("pk", filter=Q(expires_on__lte=today + timedelta(days=NEXT_DAYS))),
        )
    )
    states: Counter[str] = Counter()
    for group in groups:
        states[group["service_state"]] += group["count"]
    spares = [group for group in groups if group["in_stock"]]
    return Stock(
        states=states.most_common(),
        standby=_standby(spares, _targets(cards, now)),
        not_in_service=_sum(group for group in spares if not _active(group)),
        not_registered=_sum(group for group in spares if _active(group) and not _ready(group)),
        expiring=_sum(groups, "soon"),
        expiring_next=_sum(groups, "next"),
    )


def spares(carriers: Collection[int], *, now: datetime) -> dict[int, Spares]:
    """Return the spares of some carriers in the whole fleet by carrier id, in two statements."""
    cards = Card.objects.filter(carrier__in=carriers).order_by()
    ready = cards.in_service().filter(custody_state__in=IN_STOCK, real_name_state=RealNameState.VALID)
    counts = dict(ready.values_list("carrier").annotate(count=Count("pk")))
    targets = _targets(cards, now)
    return {one: Spares(ready=counts.get(one, 0), target=targets.get(one, 0)) for one in carriers}


def _targets(cards: QuerySet[Card], now: datetime) -> dict[int, int]:
    """Return how many ready spares are enough, by carrier, after the stops of the last 30 days."""
    since = day_start(business_day(now) - timedelta(days=DAYS))
    stops = CardChange.objects.standing().filter(
        axis=Axis.SERVICE, to_state__in=UNWANTED, at__gte=since, card__in=cards
    )
    by_day = stops.order_by().values_list("card__carrier", TruncDate("at", tzinfo=SHANGHAI))
    counts: defaultdict[int, list[int]] = defaultdict(list)
    for carrier, _day, count in by_day.annotate(count=Count("card", distinct=True)):
        counts[carrier].append(count)
    return {carrier: standby_target(of_days) for carrier, of_days in counts.items()}


def _standby(spares: Sequence[Mapping[str, Any]], targets: Mapping[int, int]) -> list[Standby]:
    wanted = {*targets, *(group["carrier_id"] for group in spares)}
    found = [
        Standby(
            carrier_id=carrier.pk,
            name=carrier.name,
            ready=_sum(group for group in spares if group["carrier_id"] == carrier.pk and _ready(group)),
            held=_sum(group for group in spares if group["carrier_id"] == carrier.pk),
            target=targets.get(carrier.pk, 0),
        )
        for carrier in Carrier.objects.filter(pk__in=wanted)
    ]
    return sorted(found, key=lambda one: (-one.held, one.name))


def _active(group: Mapping[str, Any]) -> bool:
    return bool(group["service_state"] == ServiceState.ACTIVE)


def _ready(group: Mapping[str, Any]) -> bool:
    return _active(group) and group["real_name_state"] == RealNameState.VALID


def _sum(groups: Iterable[Mapping[str, Any]], what: str = "count") -> int:
    return sum(group[what] for group in groups)
