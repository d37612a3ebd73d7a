"""The fleet list: one page of cards with what a supervisor decides by. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from agents.models import Assignment
from billing.models import UsageDaily
from billing.selectors.balances import Balance, balances
from cards.choices import STOPPED
from cards.models import Card

COUNTED = 10_000
BY_RISK = (F("risk__score").desc(nulls_last=True), F("pk"))
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


class _StoppedFirst:
    """Ids of cards, the stopped ones first, each part by risk: the few stopped ones are read by their index alone."""

    def __init__(self, cards: QuerySet[Card]) -> None:
        self.stopped = cards.filter(service_state__in=STOPPED).order_by(*BY_RISK).values_list("pk", flat=True)
        self.others = cards.exclude(service_state__in=STOPPED).order_by(*BY_RISK).values_list("pk", flat=True)

    def __getitem__(self, part: slice) -> list[int]:
        before = self.stopped.count() if part.start else part.stop
        found = list(self.stopped[part]) if part.start < before else []
        if len(found) == part.stop - part.start:
            return found
        before = before if part.start else len(found)
        return found + list(self.others[max(0, part.start - before) : part.stop - before])


def fleet_page(cards: QuerySet[Card], *, today: date, number: str, size: int, sort: str = "") -> FleetPage:
    """Return a page of already filtered and scoped cards. Ids are chosen first, then only their rows are read.

    An unknown sort falls back to stopped first, then risk. Cards beyond the page and `COUNTED` are not counted, and
    on a page beyond `COUNTED` none: that there are rows says how many lie before them.
    """
    ids = cards.order_by(*SORTS[sort]).values_list("pk", flat=True) if sort in SORTS else _StoppedFirst(cards)
    asked = max(1, int(number[:9])) if number.isascii() and number.isdigit() else 1
    first = size * (asked - 1)
    found = list(ids[first : first + size + 1]) if first >= COUNTED else []
    if found:
        until, count = size * asked, first + len(found)
        page = Paginator(range(count), size).page(asked)
    else:
        until = max(COUNTED, size * asked)
        count = cards.order_by()[: until + 1].count()
        page = Paginator(range(count), size).get_page(number)
        start = max(page.start_index() - 1, 0)
        found = list(ids[start : start + len(page.object_list)]) if count else []
    return FleetPage(rows=fleet_rows(found[:size], today=today), page=page, more=until if count > until else 0)


def fleet_rows(card_ids: Sequence[int], *, today: date) -> list[FleetRow]:
    """Return rows for cards, in the order of the ids, in two queries."""
    calls = UsageDaily.objects.filter(card_id=OuterRef("pk")).filter(Q(calls__gt=0) | Q(incoming__gt=0))
    last_call = calls.order_by("-day").values("day")[:1]
    waiting = Assignment.objects.open().filter(card_id=OuterRef("pk"), accepted_at__isnull=True)
    cards: dict[int, Any] = (
        Card.objects.select_related("carrier", "plan", "holder", "team", "risk")
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
