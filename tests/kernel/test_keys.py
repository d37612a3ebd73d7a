"""Natural keys: a card by its ICCID or number, an agent by the staff number, wherever the API wants an id."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from agents.models import Absence
from cardfleet.accounts.choices import Role
from cards.choices import ServiceState
from cards.models import CardNote
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AbsenceFactory, AgentFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CARDS = "/api/v1/cards/"
NUMBER = "+8613912340987"


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def api() -> APIClient:
    return client_of(PersonFactory(is_superuser=True))


@pytest.fixture
def card():
    return CardFactory(msisdn=NUMBER)


@pytest.mark.parametrize(
    "key", ["iccid:{iccid}", "msisdn:+8613912340987", "msisdn:13912340987", "msisdn:%2B8613912340987"]
)
def test_a_card_is_found_by_what_others_know_it_by(api, card, key) -> None:
    answer = api.get(f"{CARDS}{key.format(iccid=card.iccid)}/")
    assert (answer.status_code, answer.json()["id"]) == (200, card.pk)


@pytest.mark.parametrize(
    "key",
    [
        "iccid:89860000000000000000",
        "iccid:x",
        "iccid:",
        "msisdn:+8613900000000",
        "msisdn:x",
        "colour:red",
        ":",
        "staff:1",
    ],
)
def test_a_key_that_names_nothing_is_not_there(api, card, key) -> None:
    assert api.get(f"{CARDS}{key}/").status_code == 404
    assert api.post(f"{CARDS}{key}/tags/", {"add": ["a"]}).status_code == 404


def test_the_number_means_the_card_that_has_it_now(api, card) -> None:
    CardFactory(msisdn=NUMBER, service_state=ServiceState.RELEASED)
    assert api.get(f"{CARDS}msisdn:{NUMBER}/").json()["id"] == card.pk


def test_a_number_only_ended_cards_had_is_ambiguous(api) -> None:
    CardFactory.create_batch(2, msisdn=NUMBER, service_state=ServiceState.RELEASED)
    answer = api.get(f"{CARDS}msisdn:{NUMBER}/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")
    assert [reason["code"] for reason in answer.json()["details"]] == ["ambiguous_key"]
    assert NUMBER not in answer.content.decode()


def test_what_is_out_of_scope_is_not_found_by_any_key(card) -> None:
    api = client_of(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    for key in (f"iccid:{card.iccid}", f"msisdn:{NUMBER}"):
        assert api.get(f"{CARDS}{key}/").status_code == 404
        answer = api.post("/api/v1/notes/", {"card": key, "text": "x"})
        assert [detail["code"] for detail in answer.json()["details"]] == ["unknown_key"]
        assert api.get("/api/v1/alerts/", {"card": key}).status_code == 400
    assert not CardNote.objects.exists()


def test_deeds_and_bodies_take_keys(api, card) -> None:
    agent = AgentFactory(user__staff_no="A-17")
    assert api.get("/api/v1/agents/staff:A-17/").json()["id"] == agent.pk
    assert api.post(f"{CARDS}msisdn:{NUMBER}/tags/", {"add": ["a"]}).json()["tags"] == ["a"]
    assert api.post("/api/v1/notes/", {"card": f"iccid:{card.iccid}", "text": "x"}).json()["card"] == card.pk
    given = {"agent": "staff:A-17", "starts_on": "2026-11-20"}
    assert api.post("/api/v1/absences/", given).json()["agent"] == agent.pk
    refused = api.post(f"{CARDS}{card.pk}/issue/", {"agent": "staff:nobody"})
    assert [detail["code"] for detail in refused.json()["details"]] == ["unknown_key"]


def test_many_are_found_with_one_question(api) -> None:
    def asked(count: int) -> int:
        cards = CardFactory.create_batch(count)
        ids = [f"iccid:{card.iccid}" for card in cards]
        with CaptureQueriesContext(connection) as queries:
            answer = api.post(f"{CARDS}bulk/", {"action": "nothing", "ids": ids})
        assert [detail["field"] for detail in answer.json()["details"]] == ["action"]
        return len(queries)

    assert asked(1) == asked(3)
    answer = api.post(f"{CARDS}bulk/", {"action": "mark", "ids": ["iccid:x"]})
    assert any(detail["field"].startswith("ids") for detail in answer.json()["details"])


def test_lists_are_narrowed_by_keys(api, card) -> None:
    alert, absence = AlertFactory(card=card), AbsenceFactory(agent__user__staff_no="A-17")
    AlertFactory(), AbsenceFactory()
    assert [found["id"] for found in api.get(f"/api/v1/alerts/?card=msisdn:{NUMBER}").json()["results"]] == [alert.pk]
    assert [found["id"] for found in api.get("/api/v1/absences/", {"agent": "staff:A-17"}).json()["results"]] == [
        absence.pk
    ]
    assert api.get("/api/v1/absences/", {"agent": "staff:nobody"}).json()["details"][0]["field"] == "agent"
    assert Absence.objects.count() == 2
