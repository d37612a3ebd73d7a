"""The demo fleet's stock: cabinets with their shelves, an outlet and a doubtful dealer, and what was ordered."""

from datetime import timedelta
from decimal import Decimal

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cards.choices import PurchaseChannel
from cards.models import Card, Location
from cards.selectors.locations import stored
from cards.services.locations import record_location
from cards.services.purchases import place_order, receive_cards
from cards.services.suppliers import record_supplier
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import CABINETS

SHELF = 60
ORDERED_AGO = 21
DEALER = {"name": "某通信器材店", "channel": PurchaseChannel.AGENT, "promises": "白名单卡，防封，不限呼出"}


def write_shelves(calendar: Calendar, supervisor: User) -> None:
    """Record where cards lie, and an order of the demo's largest carrier that has come in part."""
    now = calendar.at(ORDERED_AGO, 10)
    for name in CABINETS.values():
        cabinet = record_location(facts={"name": name}, actor=supervisor, now=now)
        _record_shelves(cabinet, supervisor=supervisor, calendar=calendar)
    record_supplier(facts=DEALER, actor=supervisor, now=now)
    lying = list(stored(Card.objects.all()).select_related("carrier").order_by("pk")[:1])
    for card in lying:
        _order(card, supervisor=supervisor, calendar=calendar)


def _record_shelves(cabinet: Location, *, supervisor: User, calendar: Calendar) -> None:
    named = Card.objects.filter(location__startswith=f"{cabinet.name} ").order_by("location")
    for name in named.values_list("location", flat=True).distinct():
        facts = {"name": name, "within": cabinet, "capacity": SHELF}
        record_location(facts=facts, actor=supervisor, now=calendar.at(ORDERED_AGO, 10))


def _order(card: Card, *, supervisor: User, calendar: Calendar) -> None:
    """Order cards of a card's carrier at its outlet, and receive those that lie in stock."""
    now = calendar.at(ORDERED_AGO, 11)
    facts = {"name": f"{card.carrier} 营业厅", "channel": PurchaseChannel.OUTLET, "carriers": [card.carrier]}
    outlet = record_supplier(facts=facts, actor=supervisor, now=now)
    came = stored(Card.objects.filter(carrier=card.carrier))
    count = came.count()
    line = {"carrier": card.carrier, "plan": None, "quantity": count + 20, "unit_price": Decimal(20)}
    ordered_on = business_day(now) - timedelta(days=3)
    order = place_order(
        number="PO-DEMO-01", supplier=outlet, ordered_on=ordered_on, lines=[line], actor=supervisor, now=now
    )
    ids = list(came.values_list("pk", flat=True))
    receive_cards(order_id=order.pk, cards=Card.objects.all(), card_ids=ids, actor=supervisor, now=now)
