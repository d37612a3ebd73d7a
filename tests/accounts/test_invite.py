"""Inviting people of the office without the administration."""

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from tests.factories.accounts import PersonFactory, TeamFactory, sign_in_freshly

pytestmark = pytest.mark.django_db
INVITE = reverse("accounts:invite")


@pytest.fixture
def asked(client, reference):
    sign_in_freshly(client, PersonFactory(role=Role.ADMIN))
    return lambda **given: client.post(INVITE, {"name": "周敏", "staff_no": "Z100", "role": "supervisor", **given})


def test_a_supervisor_is_made_with_team_scope_and_a_password_shown_once(asked):
    """R12: role, team and sight in one form; the password is shown once and must be changed."""
    team, below = TeamFactory(), TeamFactory()
    answer = asked(team=team.pk, scopes=[below.pk])
    person = User.objects.get(staff_no="Z100")
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    assert authenticate(username="Z100", password=answer.context["password"]) == person
    assert (person.role_names, person.team, person.must_change_password) == ({Role.SUPERVISOR}, team, True)
    assert [scope.team for scope in person.scope_grants.all()] == [below]


def test_without_a_choice_a_supervisor_sees_the_own_team(asked):
    team = TeamFactory()
    asked(team=team.pk)
    assert [scope.team for scope in User.objects.get(staff_no="Z100").scope_grants.all()] == [team]


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "team"), ({"role": "agent"}, "role"), ({"role": "finance", "staff_no": "TAKEN"}, "__all__")],
)
def test_what_is_refused_keeps_what_was_typed(asked, given, field):
    """A supervisor without a team; an agent, who is entered elsewhere; a staff number that is taken."""
    PersonFactory(staff_no="taken")
    answer = asked(**given)
    assert (answer.status_code, answer.context["form"].data["name"]) == (422, "周敏")
    assert field in answer.context["form"].errors
    assert not User.objects.filter(name="周敏").exists()
