"""Inspections on the database (R8, R10, R102)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput
from cards.choices import Condition, CustodyState, SignalCheck, SpareDecision
from cards.models import Card, Inspection
from cards.selectors.inspections import due_list, inspections_due
from cards.services.inspections import inspect_card
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, RegistrantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def due(day) -> list[Card]:
    return list(inspections_due(Card.objects.all(), today=day).order_by("pk"))


def test_spares_are_due_every_thirty_days(now) -> None:
    """R10, R102: from the day somebody looked, or it came among the spares; a promise not kept is due at once."""
    spare, _stock = CardFactory(custody_state=CustodyState.SPARE), CardFactory()
    today = business_day(now)
    assert due(today) == [spare]
    [row] = due_list(Card.objects.all(), today=today, limit=10)
    assert (row.due_on, row.last_at) == (business_day(spare.custody_since) + timedelta(days=30), None)
    with pytest.raises(BadInput):
        inspect_card(card_id=spare.pk, condition=Condition.GOOD, actor=None, now=now)
    looked = {"condition": Condition.GOOD, "signal": SignalCheck.FOUND}
    promise = {"decision": SpareDecision.USE, "use_by": today + timedelta(days=5)}
    inspect_card(card_id=spare.pk, **looked, **promise, actor=None, now=now)
    assert due(today) == due(today + timedelta(days=5)) == []
    assert due(today + timedelta(days=6)) == [spare]
    inspect_card(
        card_id=spare.pk, **looked, decision=SpareDecision.KEEP, note="B", actor=None, now=now + timedelta(days=6)
    )
    assert due(today + timedelta(days=35)) == []
    assert due(today + timedelta(days=36)) == [spare]


def test_a_damaged_card_is_laid_aside_and_stays_its_holders(now) -> None:
    """R8: condition and damage are recorded; the card is faulty, and its holder still answers for it."""
    card = CardFactory()
    hand_over(card, AgentFactory(), at=now - timedelta(days=1))
    inspect_card(card_id=card.pk, condition=Condition.DAMAGED, damage="wet", lay_aside=True, actor=None, now=now)
    held_by = card.holder
    card.refresh_from_db()
    assert (card.condition, card.custody_state, card.holder) == (Condition.DAMAGED, CustodyState.FAULTY, held_by)
    assert Inspection.objects.get().custody_state == CustodyState.ISSUED


def test_the_pages_of_inspections(client, now) -> None:
    """R10: what is due is listed with its next step, a scan leads to the form, and what was found is on the card."""
    team = TeamFactory()
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    spare = CardFactory(team=team, custody_state=CustodyState.SPARE)
    CardFactory(custody_state=CustodyState.SPARE)
    assert [row.card for row in client.get(reverse("cards:inspections")).context["due"]] == [spare]
    form = reverse("cards:inspect", args=[spare.pk])
    assert client.get(reverse("cards:inspections"), {"card": spare.iccid})["Location"] == form
    assert client.post(form, {"condition": "good", "signal": "not_looked"}).status_code == 400
    given = {"condition": "worn", "signal": "found", "decision": "release"}
    assert client.post(form, given).status_code == 302
    assert client.get(reverse("cards:inspections")).context["due_count"] == 0
    panel = client.get(reverse("cards:card-stock", args=[spare.pk]))
    assert panel.context["inspections"][0].decision == "release"


def test_an_application_is_printed_without_an_id_number(client) -> None:
    """R105: carrier, number, registrant and papers are filled in; the ID number is left to be written by hand."""
    client.force_login(PersonFactory(role=Role.ADMIN))
    registrant = RegistrantFactory(id_number="91310000MA1FL0AB12")
    card = CardFactory(registrant=registrant, carrier__document_checklist=["营业执照副本复印件"])
    page = client.get(reverse("cards:application", args=[card.pk, "cancel"])).content.decode()
    assert card.iccid in page
    assert "营业执照副本复印件" in page
    assert registrant.id_number not in page
    assert client.get(reverse("cards:application", args=[card.pk, "sell"])).status_code == 404
