"""Compliance takes back a state recorded by mistake, on the card page and by the API (domain.md section 4)."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cards.choices import ServiceState, StopReason
from cards.services.states import change_service_state
from lifecycle.models import Alert
from lifecycle.services.assessment import assess_suspension_risk
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def card(now):
    """A card that somebody holds and that was recorded as stopped."""
    card = CardFactory(team=TeamFactory())
    hand_over(card, AgentFactory(user__team=card.team))
    change_service_state(
        card_id=card.pk,
        to=ServiceState.FORCED_STOP,
        reason=StopReason.VIOLATION,
        source="carrier_sms",
        at=now,
        actor=None,
        now=now,
    )
    assess_suspension_risk(now=now, card_ids=[card.pk])
    return card


def test_compliance_takes_it_back_and_its_alert_closes(card, client):
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    page, deed = reverse("lifecycle:card", args=[card.pk]), reverse("lifecycle:correct", args=[card.pk])
    assert Alert.objects.open().filter(card=card, kind="stopped").exists()
    assert deed in client.get(page).content.decode()
    assert client.post(deed, {"reason": ""}).status_code == 400
    assert client.post(deed, {"reason": "another number was meant"}).status_code == 302
    card.refresh_from_db()
    assert (card.service_state, card.stop_reason) == ("active", "")
    assert not Alert.objects.open().filter(card=card, kind="stopped").exists()
    shown = client.get(page).content.decode()
    assert "another number was meant" in shown
    assert deed not in shown
    assert client.post(deed, {"reason": "again"}).status_code == 409


def test_the_api_does_the_same(card):
    client = APIClient()
    client.force_authenticate(PersonFactory(role=Role.COMPLIANCE))
    answer = client.post(f"/api/v1/cards/{card.pk}/corrections/", {"reason": "another number"}, format="json")
    assert (answer.status_code, answer.json()["service_state"]) == (200, "active")
    again = client.post(f"/api/v1/cards/{card.pk}/corrections/", {"reason": "another number"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_correct")
    assert client.post(f"/api/v1/cards/{card.pk}/corrections/", {}, format="json").status_code == 400


def test_a_supervisor_may_not_put_a_stopped_card_back_so(card, client):
    """X9: what compliance has to release is not corrected away."""
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=card.team))
    deed = reverse("lifecycle:correct", args=[card.pk])
    assert deed not in client.get(reverse("lifecycle:card", args=[card.pk])).content.decode()
    assert client.post(deed, {"reason": "mistake"}).status_code == 403
    card.refresh_from_db()
    assert card.service_state == "forced_stop"
