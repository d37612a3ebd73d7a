"""What the pages of the stock do, done over the API: each operation once, with what it leaves."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cards.models import Card, Inspection, InspectionPlan, Location
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.stock import LocationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
V1 = "/api/v1/"


@pytest.fixture
def api() -> APIClient:
    """The administrator."""
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(PersonFactory(role=Role.ADMIN))
    return client


def done(answer: Any, status: int = 200) -> Any:
    """Return what was answered to a write that was done."""
    assert answer.status_code == status, answer.json()
    return answer.json()


def test_a_place_is_recorded_changed_and_filled(api):
    place = done(api.post(f"{V1}places/", {"name": "Safe 9", "capacity": 50}), 201)
    address = f"{V1}places/{place['id']}/"
    slots = done(api.post(f"{address}slots/", {"count": 2}), 201)
    assert [one["within"] for one in slots] == [place["id"]] * 2
    assert done(api.post(f"{address}change/", {"note": "Behind the desk"}))["capacity"] == 50
    slot, card = Location.objects.get(pk=slots[0]["id"]), CardFactory()
    moved = done(api.post(f"{V1}places/{slot.pk}/move/", {"cards": f"{card.iccid}\n123"}))
    assert moved["cards"] == [card.pk]
    assert [one["code"] for one in moved["refused"]] == ["scan_unknown"]
    assert Card.objects.get(pk=card.pk).location == slot.name


def test_a_supplier_is_recorded_proven_and_ordered_from(api):
    carrier = CarrierFactory()
    body = {"name": "Sunny", "channel": "outlet", "carriers": [carrier.pk]}
    supplier = done(api.post(f"{V1}suppliers/", body), 201)
    address = f"{V1}suppliers/{supplier['id']}/"
    changed = done(api.post(f"{address}change/", {"contact": "Ms Wu"}))
    assert (changed["contact"], changed["carriers"]) == ("Ms Wu", [carrier.pk])
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 authorisation")
    proven = done(api.post(f"{address}proof/", {"proof": letter, "until": "2030-01-01"}, format="multipart"))
    assert proven["proof"]
    line = {"carrier": carrier.pk, "quantity": 2, "unit_price": "5.00"}
    order = {"number": "PO-9", "supplier": supplier["id"], "ordered_on": "2026-11-02", "lines": [line]}
    assert api.post(f"{V1}purchases/", {**order, "lines": [{**line, "quantity": 0}]}).status_code == 400
    placed = done(api.post(f"{V1}purchases/", {**order, "reason": "Needed"}), 201)
    assert [one["quantity"] for one in placed["lines"]] == [2]
    card, address = CardFactory(carrier=carrier), f"{V1}purchases/{placed['id']}/"
    assert api.post(f"{address}receive/", {}).json()["details"][0]["code"] == "either"
    assert done(api.post(f"{address}receive/", {"cards": card.iccid}))["cards"] == [card.pk]
    paid = done(api.post(f"{address}invoice/", {"invoice_no": "F-1", "invoiced_on": "2026-11-03"}))
    assert paid["invoice_no"] == "F-1"
    assert done(api.post(f"{address}close/", {"reason": "No more"}))["closed_at"]


def test_a_card_is_looked_at(api):
    card = CardFactory(location=LocationFactory().name)
    body = {"card": card.pk, "condition": "good", "signal": "found"}
    assert done(api.post(f"{V1}inspections/", body), 201)["card"] == card.pk
    assert Inspection.objects.get().card == card
    assert api.post(f"{V1}inspections/", {**body, "decision": "use"}).status_code == 201
    assert api.post(f"{V1}inspections/", {**body, "condition": "shiny"}).status_code == 400
    due, spares = f"{V1}inspections/due/", CardFactory.create_batch(2, custody_since=FRIDAY - timedelta(days=4000))
    plans = {"every_days": 30, "is_active": True}
    InspectionPlan.objects.update_or_create(custody_state=card.custody_state, defaults=plans)
    found = [[row["id"] for row in done(api.get(f"{due}?ordering={order}"))["results"]] for order in ("id", "-id")]
    assert found == [[one.pk for one in spares], [one.pk for one in reversed(spares)]]
    assert api.get(f"{due}?ordering=at").status_code == 400
