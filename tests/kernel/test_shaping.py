"""Answers as their reader wants them: some fields alone, and things in the place of their ids."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cards.models import Card
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CARDS = "/api/v1/cards/"
EXPAND = "carrier,plan,holder,team"


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def api() -> APIClient:
    return client_of(PersonFactory(is_superuser=True))


@pytest.mark.parametrize("fields", ["id,iccid", "iccid,id", "id,id,iccid"])
def test_only_the_fields_asked_for_are_answered(api, fields) -> None:
    card = CardFactory()
    wanted = {"id": card.pk, "iccid": card.iccid}
    assert api.get(f"{CARDS}?fields={fields}").json()["results"] == [wanted]
    assert api.get(f"{CARDS}{card.pk}/?fields={fields}").json() == wanted
    assert api.get(f"{CARDS}?fields=id&fields=iccid").json()["results"] == [wanted]


@pytest.mark.parametrize("address", [CARDS, "/api/v1/agents/", "/api/v1/jobs/"])
@pytest.mark.parametrize("query", ["fields=colour", "fields=", "fields=id,", "expand=colour", "expand=id", "expand="])
def test_an_unknown_name_is_refused_with_those_there_are(api, address, query) -> None:
    answer = api.get(f"{address}?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    parameter = query.partition("=")[0]
    assert {detail["field"] for detail in answer.json()["details"]} == {parameter}
    if parameter == "fields":
        assert "id" in answer.json()["details"][0]["message"].partition(":")[2]


def test_a_thing_stands_where_its_id_stood_as_its_own_resource_answers_it(api) -> None:
    agent = AgentFactory()
    card = CardFactory(team=agent.user.team)
    hand_over(card, agent)
    answer = api.get(f"{CARDS}{card.pk}/?expand={EXPAND}").json()
    for name, resource in (("carrier", "carriers"), ("holder", "agents"), ("team", "teams")):
        assert answer[name] == api.get(f"/api/v1/{resource}/{answer[name]['id']}/").json()
    assert answer["plan"] is None or answer["plan"]["id"] == card.plan_id
    assert api.get(f"{CARDS}?expand=holder&fields=holder").json()["results"] == [{"holder": answer["holder"]}]
    alert = AlertFactory(card=card)
    assert api.get(f"/api/v1/alerts/{alert.pk}/?expand=card").json()["card"]["iccid"] == card.iccid


def test_expanding_asks_for_the_right_of_what_is_expanded() -> None:
    agent = AgentFactory(user__role=Role.AGENT)
    api, card = client_of(agent.user), CardFactory()
    hand_over(card, agent)
    assert api.get(f"{CARDS}{card.pk}/?expand=contract").status_code == 403
    assert api.get(f"{CARDS}{card.pk}/?expand=carrier").status_code == 200


def test_what_is_out_of_sight_stays_an_id() -> None:
    team = TeamFactory()
    api = client_of(PersonFactory(role=Role.SUPERVISOR, scope=team))
    stranger = AgentFactory(user__team=TeamFactory())
    card = CardFactory()
    hand_over(card, stranger)
    Card.objects.update(team=team)
    assert api.get(f"{CARDS}{card.pk}/?expand=holder&fields=holder").json() == {"holder": {"id": stranger.pk}}


def test_the_number_of_questions_does_not_grow_with_the_page(api) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{CARDS}?expand={EXPAND}").status_code == 200
        return len(queries)

    hand_over(CardFactory(), AgentFactory())
    one = asked()
    for _more in range(2):
        hand_over(CardFactory(), AgentFactory())
    assert asked() == one


def test_a_deed_knows_neither(api) -> None:
    assert api.post(f"{CARDS}{CardFactory().pk}/tags/?fields=id", {"add": ["a"]}).status_code == 400
