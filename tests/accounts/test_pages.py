"""The pages of people, teams and one's own account."""

import pytest
from django.contrib.auth import authenticate

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team, User
from cardfleet.accounts.views.teams import nested
from cardfleet.journal.models import Entry
from tests.factories.accounts import PersonFactory, TeamFactory, sign_in_freshly

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(reference) -> Team:
    return TeamFactory(name="一组")


@pytest.fixture
def supervisor(team, client) -> User:
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    client.force_login(person)
    return person


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_those_in_scope_at_a_fixed_cost(
    count, supervisor, team, client, django_assert_num_queries
) -> None:
    for number in range(count):
        PersonFactory(team=team, role=Role.AGENT, name=f"座席{number}")
    PersonFactory(name="别处")
    with django_assert_num_queries(7):
        answer = client.get("/people/")
    assert answer.text.count("座席") == count
    assert "别处" not in answer.text


def test_the_list_is_searched_and_filtered(supervisor, team, client) -> None:
    below = TeamFactory(parent=team)
    PersonFactory(name="张三", team=below, role=Role.AGENT)
    PersonFactory(name="李四", team=team, is_active=False)
    for query, name in (
        ({"search": "张"}, "张三"),
        ({"team": below.pk}, "张三"),
        ({"role": "agent"}, "张三"),
        ({"is_active": "false"}, "李四"),
    ):
        names = [person.name for person in client.get("/people/", query).context["page_obj"]]
        assert names == [name], query
    assert not list(client.get("/people/", {"role": "king"}).context["page_obj"])


def test_a_supervisor_gives_an_agent_a_password_shown_once(supervisor, team, client) -> None:
    agent = PersonFactory(team=team, role=Role.AGENT)
    answer = client.post(f"/people/{agent.pk}/password/")
    password = answer.context["password"]
    assert password in answer.text
    assert answer["Cache-Control"] == "no-store"
    assert authenticate(None, username=agent.staff_no, password=password) == agent
    assert password not in client.get(f"/people/{agent.pk}/").text


def test_a_leaver_is_shut_out_and_let_in_again_from_the_page(supervisor, team, client) -> None:
    """R76: a leaver's access ends at once, by a supervisor."""
    agent = PersonFactory(team=team, role=Role.AGENT)
    assert client.post(f"/people/{agent.pk}/leave/", {"reason": "离职"})["Location"] == f"/people/{agent.pk}/"
    agent.refresh_from_db()
    assert not agent.is_active
    assert "离职" in client.get(f"/people/{agent.pk}/").text
    assert client.post(f"/people/{agent.pk}/leave/").status_code == 409
    sign_in_freshly(client, supervisor)
    assert client.post(f"/people/{agent.pk}/return/").context["password"]


@pytest.mark.parametrize("path", ["", "password/", "leave/", "return/"])
def test_people_out_of_scope_are_as_if_they_were_not(path: str, supervisor, client) -> None:
    other = PersonFactory(team=TeamFactory())
    sign_in_freshly(client, supervisor)
    call = client.post if path else client.get
    assert call(f"/people/{other.pk}/{path}").status_code == 404
    assert User.objects.get(pk=other.pk).is_active


def test_those_above_are_out_of_reach(supervisor, team, client) -> None:
    finance = PersonFactory(team=team, role=Role.FINANCE)
    for path in ("password/", "leave/"):
        assert client.post(f"/people/{finance.pk}/{path}").status_code == 403
    assert not Entry.objects.filter(action__startswith="accounts.").exists()


@pytest.mark.parametrize("path", ["", "1/", "teams/"])
def test_agents_have_no_business_here(path: str, reference, client) -> None:
    client.force_login(PersonFactory(role=Role.AGENT))
    assert client.get(f"/people/{path}").status_code == 403
    client.logout()
    assert client.get(f"/people/{path}")["Location"].startswith("/account/login/")


def test_the_tree_shows_what_is_in_scope_below_its_own_roots(supervisor, team, client) -> None:
    TeamFactory(name="早班", parent=team)
    TeamFactory(name="别家")
    PersonFactory(team=team)
    shown = [(found.name, found.active, depth) for found, depth in client.get("/people/teams/").context["nested"]]
    assert shown == [("一组", 1, 0), ("早班", 0, 1)]


def test_siblings_stand_by_name_below_their_own_parent() -> None:
    company = TeamFactory(name="c")
    second, first = TeamFactory(name="b", parent=company), TeamFactory(name="a", parent=company)
    deep = TeamFactory(name="x", parent=second)
    found = nested([deep, second, company, first])
    assert [(found_team.name, depth) for found_team, depth in found] == [("c", 0), ("a", 1), ("b", 1), ("x", 2)]


def test_a_language_is_kept_with_the_person(client) -> None:
    person = PersonFactory()
    client.force_login(person)
    assert 'lang="zh-hans"' in client.get("/people/me/").text
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/people/me/"})
    assert answer["Location"] == "/people/me/"
    person.refresh_from_db()
    assert person.language == "en"
    client.cookies.clear()
    client.force_login(person)
    assert '<html lang="en"' in client.get("/people/me/").text
    client.post("/i18n/setlang/", {"language": "tlh"})
    person.refresh_from_db()
    assert person.language == "en"
    assert client.post("/i18n/setlang/", {"language": "en", "next": "//evil.cn"})["Location"] == "/"
