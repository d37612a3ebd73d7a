"""Places, suppliers and orders on the database (R7, R22, R95)."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cards.choices import CustodyState, PurchaseChannel
from cards.errors import NoRoom, OrderClosed, SupplierDoubtful
from cards.models import Card, PurchaseOrder
from cards.selectors.locations import idle_stock, stock_map
from cards.selectors.purchases import order_standings, warnings_of
from cards.services.locations import add_slots, edit_location, move_cards, record_location
from cards.services.purchases import close_order, place_order, receive_cards, record_invoice
from cards.services.suppliers import prove_supplier
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.stock import LocationFactory, PurchaseLineFactory, SupplierFactory

pytestmark = pytest.mark.django_db


def test_cards_lie_where_they_are_put(now) -> None:
    """R7: a place has room, slots and cards; a card in hands lies nowhere; a new name goes with the cards."""
    safe = record_location(facts={"name": "柜A", "capacity": 2}, actor=None, now=now)
    [slot, _second] = add_slots(location_id=safe.pk, count=2, capacity=1, actor=None, now=now)
    assert slot.name == "柜A-01"
    with pytest.raises(BadInput):
        add_slots(location_id=slot.pk, count=1, capacity=None, actor=None, now=now)
    first, second, held, nowhere = CardFactory(), CardFactory(location="旧柜"), CardFactory(), CardFactory()
    hand_over(held, AgentFactory())
    moved = move_cards(location_id=safe.pk, card_ids=[first.pk, held.pk], actor=None, now=now)
    assert (moved.cards, [reason.code for reason in moved.refused]) == ([first], ["in_hands"])
    assert Entry.objects.filter(action="cards.card_moved").count() == 1
    with pytest.raises(NoRoom):
        move_cards(location_id=slot.pk, card_ids=[second.pk, nowhere.pk], actor=None, now=now)
    edit_location(location_id=safe.pk, changes={"name": "柜B"}, actor=None, now=now)
    first.refresh_from_db()
    assert first.location == "柜B"
    found = stock_map(Card.objects.all())
    assert [(place.location.name, place.cards, place.room) for place in found.places] == [("柜B", 1, 4)]
    assert (found.unregistered, found.nowhere) == ([("旧柜", 1)], 1)


def test_the_stock_page_asks_as_often_for_three_cards_as_for_one(client, reference) -> None:
    """R7, R95: what idles is a share of what is in service; a page of places has its fixed number of queries."""
    client.force_login(PersonFactory(role=Role.ADMIN))
    CardFactory(location=LocationFactory().name)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(reverse("cards:stock"))
        counts.append(len(seen))
        for _card in range(2):
            CardFactory(location=LocationFactory().name, custody_state=CustodyState.SPARE)
    assert answer.status_code == 200
    assert counts[0] == counts[1]


def test_a_doubtful_supplier_is_told_before_an_order_and_a_reason_overrules(now, reference) -> None:
    """R22: what speaks against the supplier stays with the order, and why it was placed all the same."""
    carrier = CarrierFactory()
    supplier = SupplierFactory(channel=PurchaseChannel.AGENT, promises="白名单,防封")
    buyer = PersonFactory(role=Role.FINANCE)
    asked = {
        "number": "PO-1",
        "supplier": supplier,
        "ordered_on": now.date(),
        "lines": [{"carrier": carrier, "plan": None, "quantity": 2, "unit_price": 20}],
        "actor": buyer,
        "now": now,
    }
    with pytest.raises(SupplierDoubtful) as told:
        place_order(**asked)
    assert [reason.code for reason in told.value.reasons] == ["promise", "proof_missing", "carrier_not_proven"]
    assert not PurchaseOrder.objects.exists()
    order = place_order(**asked, reason="合同在途")
    assert (order.warned_of[0], order.reason) == ("promise", "合同在途")
    proof = ContentFile(b"%PDF-1.7 authorisation")
    until = now.date().replace(year=2027)
    prove_supplier(supplier_id=supplier.pk, content=proof, name="授权书.pdf", until=until, actor=buyer, now=now)
    supplier.refresh_from_db()
    supplier.carriers.add(carrier)
    assert [reason.code for reason in warnings_of(supplier, on=now.date())] == ["promise"]


def test_an_order_is_received_in_parts(now) -> None:
    """R22: by scanning or by import batch; what does not belong to it stays out, and cards know their purchase."""
    line = PurchaseLineFactory(quantity=3, unit_price=25)
    order = line.order
    own = {"carrier": line.carrier}
    first, stranger = CardFactory(**own), CardFactory()
    batch = CardFactory.create_batch(3, batch="B-7", **own)
    cards = Card.objects.all()
    came = receive_cards(order_id=order.pk, cards=cards, card_ids=[first.pk, stranger.pk], actor=None, now=now)
    assert (came.cards, [reason.code for reason in came.refused]) == ([first], ["not_ordered"])
    assert order_standings([order])[0].state == "partly"
    came = receive_cards(order_id=order.pk, cards=cards, batch="B-7", actor=None, now=now)
    assert (came.cards, [reason.code for reason in came.refused]) == (batch[:2], ["line_full"])
    again = receive_cards(order_id=order.pk, cards=cards, card_ids=[first.pk], actor=None, now=now)
    assert [reason.code for reason in again.refused] == ["received_already"]
    [standing] = order_standings([order])
    assert (standing.state, standing.received, standing.total) == ("received", 3, 75)
    first.refresh_from_db()
    assert (first.receipt.line, first.purchase_price, first.purchase_channel) == (line, 25, "outlet")
    invoice = {"invoice_no": "24112000000012345678", "invoiced_on": now.date(), "content": None}
    record_invoice(order_id=order.pk, **invoice, actor=None, now=now)
    other = PurchaseLineFactory(order__supplier=order.supplier).order
    with pytest.raises(BadInput):
        record_invoice(order_id=other.pk, **invoice, actor=None, now=now)
    close_order(order_id=other.pk, reason="断货", actor=None, now=now)
    with pytest.raises(OrderClosed):
        receive_cards(order_id=other.pk, cards=cards, card_ids=[], actor=None, now=now)


def test_idle_cards_are_counted(now) -> None:
    """R95: cards in service that nobody has, and those that lie long."""
    CardFactory()
    CardFactory(custody_state=CustodyState.SPARE)
    hand_over(CardFactory(), AgentFactory())
    idle = idle_stock(Card.objects.all(), now=now)
    assert (idle.stored, idle.long_stored, idle.in_service, idle.is_hoard) == (2, 0, 3, True)


def test_scanned_cards_are_moved_on_the_page(client, reference) -> None:
    """R7: a wrong barcode is told without losing the others."""
    team = TeamFactory()
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    place, card = LocationFactory(), CardFactory(team=team)
    asked = {"cards": f"{card.iccid}\n6901234567892"}
    answer = client.post(reverse("cards:location-move", args=[place.pk]), asked)
    assert [reason.value for reason in answer.context["unknown"]] == ["6901234567892"]
    card.refresh_from_db()
    assert card.location == place.name
