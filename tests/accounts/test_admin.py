"""The administration writes by services: journalled, refused where they refuse, with nothing entered lost."""

import pytest
from django.contrib.auth import authenticate

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.journal.models import Entry
from tests.factories.accounts import PersonFactory, TeamFactory, sign_in_freshly

pytestmark = pytest.mark.django_db
PERSON = {"name": "张三", "staff_no": "A017", "mobile": "", "email": "", "team": "", "roles": ["agent"]}


@pytest.fixture
def admin(reference, client) -> User:
    person = PersonFactory(role=Role.ADMIN, language="en")
    sign_in_freshly(client, person)
    return person


def deeds() -> list[str]:
    return list(Entry.objects.filter(action__startswith="accounts.").order_by("id").values_list("action", flat=True))


def test_the_one_sign_in_page_leads_into_the_administration(client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/account/login/?next=")


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
def test_who_does_not_enter(role, reference, client) -> None:
    sign_in_freshly(client, PersonFactory(role=role))
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_person_is_made_and_the_password_shown_once(admin, client) -> None:
    answer = client.post("/admin/accounts/user/add/", PERSON | {"username": ""}, follow=True)
    person = User.objects.get(staff_no="A017")
    assert (person.username, person.role_names, person.name_initials) == ("A017", {"agent"}, "zs")
    password = str(next(iter(answer.context["messages"]))).split(": ")[1].split(" ")[0]
    assert authenticate(None, username="A017", password=password) == person
    assert deeds() == ["accounts.person_created"]
    assert Entry.objects.first().actor == admin


def test_a_person_is_changed_deed_by_deed(admin, client) -> None:
    person, team = PersonFactory(name="张三", staff_no="A017"), TeamFactory()
    changed = PERSON | {"name": "张四", "team": team.pk, "roles": ["finance"]}
    url = f"/admin/accounts/user/{person.pk}/change/"
    assert client.get(url).status_code == 200
    assert client.post(url, changed).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.name, person.team, person.role_names, person.is_staff) == ("张四", team, {"finance"}, True)
    assert deeds() == ["accounts.person_changed", "accounts.person_moved", "accounts.roles_set"]


def test_a_refusal_comes_back_with_what_was_entered(admin, client) -> None:
    PersonFactory(username="zhang")
    answer = client.post("/admin/accounts/user/add/", PERSON | {"username": "ZHANG"})
    assert answer.status_code == 200
    assert "Somebody has this staff number or user name already" in answer.text
    assert 'value="张三"' in answer.text
    assert deeds() == []


def test_nobody_raises_themselves(admin, client) -> None:
    url = f"/admin/accounts/user/{admin.pk}/change/"
    facts = {"name": admin.name, "staff_no": admin.staff_no, "mobile": "", "email": "", "team": ""}
    answer = client.post(url, facts | {"roles": ["admin", "finance"]})
    assert "cannot do this to yourself" in answer.text
    assert User.objects.get(pk=admin.pk).role_names == {"admin"}
    assert client.post(url, facts | {"name": "新名", "roles": ["admin"]}).status_code == 302


def test_teams_are_made_renamed_and_moved(admin, client) -> None:
    company = TeamFactory(kind=TeamKind.COMPANY)
    client.post("/admin/accounts/team/add/", {"name": "一组", "kind": "team", "parent": ""})
    team = Team.objects.get(name="一组")
    assert team.path == f"/{team.pk}/"
    client.post(f"/admin/accounts/team/{team.pk}/change/", {"name": "二组", "parent": company.pk})
    team.refresh_from_db()
    assert (team.name, team.path) == ("二组", f"/{company.pk}/{team.pk}/")
    answer = client.post(f"/admin/accounts/team/{company.pk}/change/", {"name": company.name, "parent": team.pk})
    assert answer.status_code == 200
    assert "never below itself" in answer.text
    assert deeds() == ["accounts.team_created", "accounts.team_renamed", "accounts.team_moved"]


def test_scopes_are_granted_and_withdrawn_and_nothing_else_is_deleted(admin, client) -> None:
    person, team = PersonFactory(), TeamFactory()
    client.post("/admin/accounts/scopegrant/add/", {"user": person.pk, "team": team.pk})
    scope = ScopeGrant.objects.get()
    assert client.post(f"/admin/accounts/scopegrant/{scope.pk}/change/", {"team": team.pk}).status_code == 403
    client.post(f"/admin/accounts/scopegrant/{scope.pk}/delete/", {"post": "yes"})
    assert not ScopeGrant.objects.exists()
    assert deeds() == ["accounts.scope_granted", "accounts.scope_withdrawn"]
    for path in (f"user/{person.pk}", f"team/{team.pk}"):
        assert client.post(f"/admin/accounts/{path}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", ["user", "team", "scopegrant"])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(page, count, admin, client, django_assert_max_num_queries) -> None:
    for _ in range(count):
        ScopeGrant.objects.create(user=PersonFactory(team=TeamFactory(), role=Role.AGENT), team=TeamFactory())
    with django_assert_max_num_queries(14):
        assert client.get(f"/admin/accounts/{page}/").status_code == 200
