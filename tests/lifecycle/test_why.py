"""Why somebody does not see something: each thing asked, and what would clear it."""

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import ScopeGrant
from tests.factories.accounts import DelegationFactory, PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def asked(client):
    """Ask as compliance, and return which checks hold and which fail."""
    client.force_login(PersonFactory(role=Role.COMPLIANCE))

    def ask(person, thing: str):
        answer = client.get(reverse("lifecycle:why"), {"person": person.staff_no, "thing": thing}).context["answer"]
        return answer.sees, [check.code for check in answer.checks if not check.holds]

    return ask


def test_scope_and_right_are_told_apart(asked) -> None:
    """R12: another team, a missing right, a lent team, a card in one's hands."""
    team, other = TeamFactory(), TeamFactory()
    card = CardFactory(team=team)
    near, far = (PersonFactory(role=Role.SUPERVISOR, scope=each) for each in (team, other))
    agent = AgentFactory(user__team=team, user__role=Role.AGENT)
    number = card.msisdn
    assert asked(near, number) == (True, [])
    assert asked(far, number) == (False, ["other_team"])
    assert asked(agent.user, number) == (False, ["right", "other_team"])
    assert asked(PersonFactory(role=Role.FINANCE), number) == (True, [])
    DelegationFactory(giver=near, receiver=far, team=team)
    assert asked(far, number) == (True, [])
    hand_over(card, agent)
    assert asked(agent.user, number) == (True, [])
    assert asked(near, reverse("lifecycle:card", args=[card.pk])) == (True, [])
    assert asked(agent.user, f"https://cardfleet.example{reverse('lifecycle:board')}") == (False, ["right"])


def test_a_leaver_and_a_teamless_card(asked) -> None:
    person = PersonFactory(role=Role.SUPERVISOR, is_active=False, must_change_password=True)
    ScopeGrant.objects.create(user=person, team=TeamFactory())
    agent = AgentFactory(user__role=Role.AGENT, user__team=None)
    assert asked(person, CardFactory(team=None).msisdn) == (False, ["active", "password", "no_team"])
    assert asked(person, agent.user.staff_no) == (False, ["active", "password", "no_team"])


def test_nothing_outside_the_askers_scope_is_told(client) -> None:
    """A supervisor learns nothing of people and cards of other teams, not even that they are there."""
    asker = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    stranger, card = PersonFactory(role=Role.SUPERVISOR, team=TeamFactory()), CardFactory(team=TeamFactory())
    client.force_login(asker)
    shown = client.get(reverse("lifecycle:why"), {"person": stranger.staff_no, "thing": card.msisdn})
    assert shown.context["answer"] is None
    assert set(shown.context["form"].errors) == {"person", "thing"}
