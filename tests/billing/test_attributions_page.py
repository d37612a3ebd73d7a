"""Attributing calls by page and by API: scope, refusals, once for one key."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from billing.models import UsageAttribution
from cardfleet.accounts.choices import Role
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageAttributionFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.usefixtures("reference")
API = "/api/v1/usage/attributions/"


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def card(team):
    return CardFactory(team=team)


@pytest.fixture
def supervisor(client, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    client.force_login(person)
    return person


@pytest.fixture
def api(supervisor):
    client = APIClient()
    client.force_authenticate(supervisor)
    return client


def typed(**given):
    now = timezone.localtime()
    times = {"starts_at": now - timedelta(hours=3), "ends_at": now - timedelta(hours=1)}
    return {name: f"{time:%Y-%m-%dT%H:%M}" for name, time in times.items()} | {"reason": "late"} | given


def test_a_supervisor_says_whose_calls_they_are(card, client, supervisor, team):
    agent = AgentFactory(user__team=team)
    url = reverse("billing:attributions", args=[card.pk])
    assert url in client.get(reverse("lifecycle:card-calls", args=[card.pk])).content.decode()
    assert client.post(url, typed(agent=agent.user.staff_no)).status_code == 302
    made = UsageAttribution.objects.get()
    assert (made.card, made.agent, made.team) == (card, agent, team)
    assert agent.user.name in client.get(url).content.decode()
    assert client.post(url, typed(agent="")).status_code == 409
    assert client.post(url, typed(agent=AgentFactory().user.staff_no)).status_code == 422
    assert client.post(reverse("billing:withdraw", args=[made.pk]), {"reason": ""}).status_code == 400
    assert client.post(reverse("billing:withdraw", args=[made.pk]), {"reason": "wrong"}).status_code == 302
    assert client.post(url, typed(agent="")).status_code == 302
    assert UsageAttribution.objects.latest("id").agent is None


def test_the_api_does_the_same_once_for_one_key(api, card, team):
    agent = AgentFactory(user__team=team)
    given = typed(card=card.pk, agent=agent.pk)
    first = api.post(API, given, format="json", headers={"Idempotency-Key": "k1"})
    again = api.post(API, given, format="json", headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.json()) == (201, first.json())
    assert (first.json()["agent"], first.json()["team"]) == (agent.pk, team.pk)
    refused = api.post(API, given, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "already_attributed")
    assert [row["id"] for row in api.get(f"{API}?card={card.pk}").json()["results"]] == [first.json()["id"]]
    taken = api.post(f"{API}{first.json()['id']}/withdraw/", {"reason": "wrong"}, format="json")
    assert taken.json()["withdrawn_at"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"starts_at": "2020-01-01T08:00:00+08:00"}, 409, "month_closed"),
        ({"ends_at": "2099-01-01T08:00:00+08:00"}, 400, "period_not_usable"),
        ({"reason": ""}, 400, "bad_input"),
        ({"agent": 0}, 400, "bad_input"),
    ],
)
def test_what_the_api_refuses(api, card, change, status, code):
    answer = api.post(API, typed(card=card.pk, agent=None) | change, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not UsageAttribution.objects.exists()


def test_cards_and_agents_outside_the_scope_are_as_if_they_were_not(api, card):
    elsewhere = CardFactory(team=TeamFactory())
    assert api.post(API, typed(card=elsewhere.pk, agent=None), format="json").status_code == 400
    assert api.post(API, typed(card=card.pk, agent=AgentFactory().pk), format="json").status_code == 400
    known = UsageAttributionFactory(card=elsewhere)
    assert api.get(API).json()["results"] == []
    assert api.post(f"{API}{known.pk}/withdraw/", {"reason": "x"}, format="json").status_code == 404
    assert UsageAttribution.objects.get().withdrawn_at is None


def test_the_list_asks_a_fixed_number_of_questions(api, card, django_assert_num_queries, django_assert_max_num_queries):
    start = timezone.now()
    UsageAttributionFactory(card=card, starts_at=start, ends_at=start + timedelta(hours=1))
    api.get(API)  # which reads the person's rights once
    with django_assert_max_num_queries(8) as one:
        api.get(API)
    for days in (1, 2):
        later = start + timedelta(days=days)
        UsageAttributionFactory(card=card, starts_at=later, ends_at=later + timedelta(hours=1))
    with django_assert_num_queries(len(one)):
        api.get(API)
