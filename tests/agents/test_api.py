"""`/api/v1/agents/` and `/api/v1/assignments/`."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from agents.models import Assignment
from agents.services.assignments import return_card
from cardfleet.accounts.choices import Role
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db
AGENTS, ASSIGNMENTS = "/api/v1/agents/", "/api/v1/assignments/"


@pytest.fixture
def agent(reference):
    return AgentFactory(user__name="许诺", user__staff_no="A1", user__role=Role.AGENT)


def signed_in(person) -> APIClient:
    api = APIClient()
    api.force_authenticate(person)
    return api


@pytest.fixture
def api(agent) -> APIClient:
    return signed_in(PersonFactory(role=Role.SUPERVISOR, scope=agent.user.team))


def test_agents_in_scope(agent, api):
    AgentFactory()
    hand_over(CardFactory(), agent)

    answer = api.get(AGENTS).json()

    assert answer["results"] == [
        {
            "id": agent.pk,
            "name": "许诺",
            "staff_no": "A1",
            "team": agent.user.team_id,
            "status": "active",
            "hold_reason": "",
            "joined_on": None,
            "left_on": None,
            "open_cards": 1,
        }
    ]
    assert (answer["next"], answer["previous"]) == (None, None)
    assert api.get(f"{AGENTS}{AgentFactory().pk}/").status_code == 404
    assert signed_in(agent.user).get(AGENTS).status_code == 403
    assert APIClient().get(AGENTS).status_code == 401


@pytest.mark.parametrize(
    ("query", "status", "count"),
    [
        ("staff_no=a1", 200, 1),
        ("search=许", 200, 1),
        ("holding=true", 200, 0),
        ("status=left", 200, 0),
        ("status=asleep", 400, None),
        ("colour=red", 400, None),
    ],
)
def test_agents_are_filtered_and_unknown_filters_refused(query, status, count, api):
    answer = api.get(f"{AGENTS}?{query}")

    assert answer.status_code == status
    assert count is None or len(answer.json()["results"]) == count


def test_lists_take_a_fixed_number_of_queries(agent, api, django_assert_num_queries, django_assert_max_num_queries):
    api.get(AGENTS)  # the person's rights are read once
    for url in (AGENTS, ASSIGNMENTS):
        hand_over(CardFactory(), agent)
        with django_assert_max_num_queries(8) as one:
            api.get(url)
        hand_over(CardFactory(), AgentFactory(user__team=agent.user.team))
        hand_over(CardFactory(), agent)
        with django_assert_num_queries(len(one)):
            api.get(url)


def test_who_held_a_card_on_a_day(agent, api, now):
    """R11: who held it when is answered for any day."""
    held = hand_over(CardFactory(), agent, at=now - timedelta(days=9))
    return_card(card_id=held.card_id, actor=None, now=now - timedelta(days=3))
    current = hand_over(held.card, AgentFactory(user__team=agent.user.team), at=now - timedelta(days=2))

    def found(query):
        return [row["id"] for row in api.get(f"{ASSIGNMENTS}?card={held.card_id}&{query}").json()["results"]]

    assert found("on=2026-11-14") == [held.pk]
    assert found("on=2026-11-10") == []
    assert found("open=true") == [current.pk]
    assert found(f"agent={agent.pk}") == [held.pk]


def test_the_holder_accepts_by_api_and_sees_nothing_else(agent, api):
    mine, other = hand_over(CardFactory(), agent), hand_over(CardFactory(), AgentFactory())
    own = signed_in(agent.user)

    assert [row["id"] for row in own.get(ASSIGNMENTS).json()["results"]] == [mine.pk]
    assert own.post(f"{ASSIGNMENTS}{other.pk}/accept/").status_code == 404
    assert api.post(f"{ASSIGNMENTS}{mine.pk}/accept/").json()["code"] == "not_the_holder"
    assert own.post(f"{ASSIGNMENTS}{mine.pk}/accept/").json()["state"] == "accepted"
    assert own.post(f"{ASSIGNMENTS}{mine.pk}/undo/", {"reason": "x"}).status_code == 403
    assert Assignment.objects.get(pk=mine.pk).undone_at is None


def test_a_mistaken_hand_out_is_undone_once_for_one_key(agent, api):
    held = hand_over(CardFactory(), agent)
    url = f"{ASSIGNMENTS}{held.pk}/undo/"
    assert api.post(url).status_code == 400
    elsewhere = hand_over(CardFactory(), AgentFactory())
    assert api.post(f"{ASSIGNMENTS}{elsewhere.pk}/undo/").status_code == 404

    first = api.post(url, {"reason": "mistake"}, headers={"Idempotency-Key": "k1"})
    second = api.post(url, {"reason": "mistake"}, headers={"Idempotency-Key": "k1"})

    assert first.json()["state"] == "undone"
    assert second.json() == first.json()
    assert api.post(url, {"reason": "mistake"}).json()["code"] == "handover_ended"
