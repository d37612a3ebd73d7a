"""The fleet list: one page of cards with what a supervisor decides by. A fixed number of queries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from agents.models import Assignment
from billing.models import UsageDaily
from billing.selectors.balances import Balance, balances
from cardfleet.kernel.paging import page_of
from cardfleet.kernel.parts import InParts
from cards.choices import STOPPED
from cards.models import Card

# A stopped card has no risk: the latest stop comes first, as one index has it.
BY_STOP = ("-service_since", "pk")
BY_RISK = {"risk": "risk__score", "-risk": "-risk__score"}
# What a row shows; a column that reads more says so here.
OF_CARD = (
    *("iccid", "msisdn", "service_state", "stop_reason", "service_since", "custody_state", "location", "expires_on"),
    *("region", "purpose", "batch", "device_imei"),
    *("carrier__name", "plan__name", "team__name", "holder__name", "holder__username", "holder__owner"),
    *("risk__score", "risk__calls_today", "risk__call_limit", "risk__drivers"),
)
SORTS: Mapping[str, tuple[Any, ...]] = {
    "number": (F("msisdn"), F("pk")),
    "-number": (F("msisdn").desc(), F("pk")),
    "state": (F("service_state"), F("pk")),
    "-state": (F("service_state").desc(), F("pk")),
    "holder": (F("holder__name").asc(nulls_last=True), F("pk")),
    "-holder": (F("holder__name").desc(nulls_last=True), F("pk")),
    "risk": (F("risk__score").asc(nulls_last=True), F("pk")),
    "-risk": (F("risk__score").desc(nulls_last=True), F("pk")),
    "expiry": (F("expires_on").asc(nulls_last=True), F("pk")),
    "-expiry": (F("expires_on").desc(nulls_last=True), F("pk")),
    "carrier": (F("carrier__name"), F("plan__name"), F("pk")),
    "-carrier": (F("carrier__name").desc(), F("plan__name").desc(), F("pk")),
}


@dataclass(frozen=True, kw_only=True)
class FleetRow:
    """A card as the list shows it. `days_left` counts from today to its expiry, negative after it."""

    card: Card
    balance: Balance | None
    last_call_on: date | None
    awaits_acceptance: bool
    days_left: int | None

    @property
    def custody(self) -> str:
        """The custody badge: a card handed over and not accepted shows that instead of `issued`."""
        return "awaiting_acceptance" if self.awaits_acceptance else self.card.custody_state

    @property
    def driver(self) -> dict[str, Any] | None:
        """The heaviest reason of the risk score."""
        risk = getattr(self.card, "risk", None)
        return risk.drivers[0] if risk and risk.drivers else None


@dataclass(frozen=True, kw_only=True)
class FleetPage:
    """One page of the list, and Django's page object for its pager. `more`: there are more cards than this."""

    rows: Sequence[FleetRow]
    page: Any
    more: int


def ordered_ids(cards: QuerySet[Card], sort: str) -> Any:
    """Return the ids of cards in the order of the list, to be sliced; an unknown sort is stopped first, then risk."""
    if sort in BY_RISK:
        return InParts(*_by_risk(cards, BY_RISK[sort]))
    if sort in SORTS:
        return cards.order_by(*SORTS[sort]).values_list("pk", flat=True)
    stopped = cards.filter(service_state__in=STOPPED).order_by(*BY_STOP).values_list("pk", flat=True)
    return InParts(stopped, *_by_risk(cards.exclude(service_state__in=STOPPED), BY_RISK["-risk"]))


def _by_risk(cards: QuerySet[Card], order: str) -> Iterator[Any]:
    """Yield the assessed cards in the order of an index, then those nobody assessed."""
    yield cards.filter(risk__isnull=False).order_by(order, "pk").values_list("pk", flat=True)
    yield cards.filter(risk__isnull=True).order_by("pk").values_list("pk", flat=True)


def fleet_page(
    cards: QuerySet[Card], *, today: date, number: str, size: int, sort: str = "", with_tags: bool = False
) -> FleetPage:
    """Return a page of already filtered and scoped cards. Ids are chosen first, then only their rows are read.

    An unknown sort falls back to stopped first, then risk.
    """
    listed = page_of(ordered_ids(cards, sort), number=number, size=size, counted=cards)
    rows = fleet_rows(list(listed.page.object_list), today=today, with_tags=with_tags)
    return FleetPage(rows=rows, page=listed.page, more=listed.more)


def fleet_rows(card_ids: Sequence[int], *, today: date, with_tags: bool = False) -> list[FleetRow]:
    """Return rows for cards, in the order of the ids, in two queries; `with_tags`: each card knows its `tag_names`."""
    calls = UsageDaily.objects.filter(card_id=OuterRef("pk")).filter(Q(calls__gt=0) | Q(incoming__gt=0))
    last_call = calls.order_by("-day").values("day")[:1]
    waiting = Assignment.objects.open().filter(card_id=OuterRef("pk"), accepted_at__isnull=True)
    wanted = Card.objects.with_tag_names() if with_tags else Card.objects.all()
    cards: dict[int, Any] = (
        wanted.select_related("carrier", "plan", "holder", "team", "risk")
        .only(*OF_CARD)
        .annotate(last_call_on=Subquery(last_call), awaits_acceptance=Exists(waiting))
        .in_bulk(card_ids)
    )
    money = balances(card_ids)
    return [
        FleetRow(
            card=card,
            balance=money.get(card.pk),
            last_call_on=card.last_call_on,
            awaits_acceptance=card.awaits_acceptance,
            days_left=(card.expires_on - today).days if card.expires_on else None,
        )
        for card in (cards[card_id] for card_id in card_ids if card_id in cards)
    ]
