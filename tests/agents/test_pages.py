"""The agent list and the agent page, as supervisors use them."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.choices import AgentStatus
from agents.models import Agent, Course, TrainingRecord
from agents.services.assignments import return_card
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import business_day
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, TrainingRecordFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(reference) -> Team:
    return TeamFactory(name="华东一组")


@pytest.fixture
def supervisor(team, client):
    """A supervisor of one team, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    client.force_login(person)
    return person


def member(team, **facts) -> Agent:
    return AgentFactory(user__team=team, **facts)


def names(response) -> set[str]:
    return {row.agent.user.name for row in response.context["listed"].rows}


def test_the_list_shows_the_agents_in_scope_with_their_cards_and_training(team, supervisor, client):
    agent = member(team)
    AgentFactory()
    hand_over(CardFactory(), agent)
    hand_over(CardFactory(), agent, accepted_at=timezone.now())
    course = Course.objects.get(code="telesales-compliance")
    TrainingRecordFactory(agent=agent, course=course)

    response = client.get(reverse("agents:list"))

    assert names(response) == {agent.user.name}
    row = response.context["listed"].rows[0]
    assert (row.agent.open_cards, row.agent.unaccepted) == (2, 1)
    assert row.standing.is_valid


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=xn", {"许诺"}),
        ("search=许", {"许诺"}),
        ("search=a2", {"林悦宁"}),
        ("search=xunuo", {"许诺"}),
        ("search=zz", set()),
        ("status=on_hold", {"林悦宁"}),
        ("training=lacking", {"林悦宁"}),
        ("training=expiring", {"许诺"}),
        ("holding=true", {"许诺"}),
        ("holding=false", {"林悦宁"}),
    ],
)
def test_agents_are_found_by_number_name_initials_and_state(query, found, team, supervisor, client):
    course = Course.objects.get(code="telesales-compliance")
    today = business_day(timezone.now())
    people = {"user__name_pinyin": "xunuo", "user__name_initials": "xn"}
    first = member(team, user__name="许诺", user__staff_no="A1", **people)
    member(team, user__name="林悦宁", user__staff_no="A2", status=AgentStatus.ON_HOLD, hold_reason="x")
    TrainingRecordFactory(
        agent=first, course=course, passed_on=today - timedelta(days=360), valid_until=today + timedelta(days=5)
    )
    hand_over(CardFactory(), first)

    assert names(client.get(f"{reverse('agents:list')}?{query}")) == found


def test_an_unusable_filter_is_said_and_shows_nobody(team, supervisor, client):
    member(team)

    response = client.get(f"{reverse('agents:list')}?status=asleep")

    assert response.status_code == 400
    assert names(response) == set()


@pytest.mark.parametrize("sort", ["", "name", "-staff_no", "cards", "-cards", "joined"])
def test_the_list_takes_as_many_queries_for_three_agents_as_for_one(sort, team, supervisor, client):
    url = f"{reverse('agents:list')}?sort={sort}"
    hand_over(CardFactory(), member(team))
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(2):
        hand_over(CardFactory(), member(team))
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(url).context["listed"].rows) == 3
    assert len(three) == len(one)


def test_the_page_of_an_agent_takes_a_fixed_number_of_queries(team, supervisor, client):
    agent = member(team)
    url = reverse("agents:detail", args=[agent.pk])

    def live_a_little():
        hand_over(CardFactory(), agent)
        return_card(card_id=hand_over(CardFactory(), agent).card_id, actor=supervisor, now=timezone.now())
        TrainingRecordFactory(agent=agent, recorded_by=supervisor)

    live_a_little()
    with CaptureQueriesContext(connection) as one:
        assert client.get(url).status_code == 200
    live_a_little()
    live_a_little()
    with CaptureQueriesContext(connection) as three:
        page = client.get(url).context["page"]
    assert (len(page.held), len(page.history), len(page.records)) == (3, 3, 3)
    assert len(three) == len(one)


def test_an_agent_is_entered_and_the_password_shown_once(team, supervisor, client):
    given = {"staff_no": "A9", "name": "新人", "team": team.pk, "mobile": "", "joined_on": "2026-11-01"}

    response = client.post(reverse("agents:enter"), given)

    assert response.status_code == 201
    assert response["Cache-Control"] == "no-store"
    agent = Agent.objects.get()
    assert authenticate(username="A9", password=response.context["password"]) == agent.user
    assert response.context["password"] not in client.get(reverse("agents:detail", args=[agent.pk])).content.decode()
    assert client.post(reverse("agents:enter"), given).status_code == 422
    elsewhere = given | {"staff_no": "A10", "team": TeamFactory().pk}
    assert client.post(reverse("agents:enter"), elsewhere).status_code == 422
    assert Agent.objects.count() == 1


def test_facts_are_changed_on_the_page(team, supervisor, client):
    agent = member(team)
    url = reverse("agents:change", args=[agent.pk])
    assert client.get(url).context["form"].initial["name"] == agent.user.name

    given = {"staff_no": agent.user.staff_no, "name": "改名", "team": team.pk, "mobile": "", "joined_on": ""}
    assert client.post(url, given).status_code == 302

    agent.user.refresh_from_db()
    assert agent.user.name == "改名"
    taken = given | {"staff_no": supervisor.staff_no}
    assert client.post(url, taken).status_code == 422


def test_training_is_recorded_and_revoked_by_those_who_may(team, supervisor, client):
    """R73: whoever may record training does so on the agent's page; compliance revokes."""
    agent, course = member(team), Course.objects.get(code="telesales-compliance")
    url = reverse("agents:train", args=[agent.pk])

    assert client.post(url, {"course": course.pk, "passed_on": "2026-11-01", "score": "90"}).status_code == 302
    assert client.post(url, {"course": course.pk, "passed_on": "2026-11-01"}).status_code == 422
    assert client.post(url, {"course": course.pk, "passed_on": ""}).status_code == 422
    record = TrainingRecord.objects.get()
    revoke = reverse("agents:revoke", args=[agent.pk, record.pk])
    assert client.post(revoke, {"reason": "wrong"}).status_code == 403

    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    other = reverse("agents:revoke", args=[AgentFactory().pk, record.pk])
    assert client.post(other, {"reason": "wrong"}).status_code == 404
    assert client.post(revoke, {"reason": "wrong"}).status_code == 302
    record.refresh_from_db()
    assert record.revoked_at is not None


def test_hold_release_leave_and_rejoin(team, supervisor, client):
    """R76: leaving ends the sign-in at once and says what is still held."""
    agent = member(team)
    hand_over(CardFactory(), agent)

    def post(name, **data):
        return client.post(reverse(f"agents:{name}", args=[agent.pk]), data, follow=True)

    assert post("hold", reason="").status_code == 400
    post("hold", reason="two complaints")
    assert Agent.objects.get(pk=agent.pk).status == AgentStatus.ON_HOLD
    post("release")
    assert Agent.objects.get(pk=agent.pk).status == AgentStatus.ACTIVE
    said = [message.level_tag for message in post("leave", reason="resigned").context["messages"]]
    assert said == ["success", "warning"]
    agent.user.refresh_from_db()
    assert not agent.user.is_active
    assert post("leave", reason="again").status_code == 409
    back = post("rejoin")
    assert authenticate(username=agent.user.username, password=back.context["password"]) == agent.user


@pytest.mark.parametrize(
    ("name", "method", "needs"),
    [
        ("list", "get", "agents.view_agent"),
        ("enter", "post", "agents.add_agent"),
        ("import", "post", "agents.import_agent"),
        ("detail", "get", "agents.view_agent"),
        ("change", "post", "agents.change_agent"),
        ("hold", "post", "agents.change_agent"),
        ("release", "post", "agents.change_agent"),
        ("leave", "post", "agents.change_agent"),
        ("rejoin", "post", "agents.change_agent"),
        ("train", "post", "agents.add_trainingrecord"),
    ],
)
def test_each_page_asks_for_its_right_and_stays_in_scope(name, method, needs, team, client):
    agent = member(team)
    url = reverse(f"agents:{name}", args=[] if name in ("list", "enter", "import") else [agent.pk])

    assert getattr(client, method)(url).status_code == 302
    client.force_login(agent.user)
    assert not agent.user.has_perm(needs)
    assert getattr(client, method)(url).status_code == 403
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    if url.endswith(f"/{agent.pk}/") or f"/{agent.pk}/" in url:
        assert getattr(client, method)(url).status_code == 404
    agent.refresh_from_db()
    assert agent.status == AgentStatus.ACTIVE
