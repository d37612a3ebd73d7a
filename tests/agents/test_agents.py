"""Agents from entry to leaving (R14, R76)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate

from agents.choices import AgentStatus, AssignmentState
from agents.errors import AgentHasLeft, AgentNotOnHold, DatesRunBackwards, ReasonMissing
from agents.models import Agent, Assignment
from agents.selectors.custody import custody_differences
from agents.services import agents
from agents.services.assignments import accept, return_card
from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import StaffNumberTaken
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cards.choices import CustodyState
from cards.models import Card
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db


def change(agent, now, **changes):
    facts = replace(agents.AgentFacts.of(agent), **changes)
    return agents.update_agent(agent_id=agent.pk, facts=facts, actor=None, now=now)


def test_an_agent_is_entered_with_a_sign_in_by_staff_number(reference, now):
    team = TeamFactory()

    agent, password = agents.create_agent(
        staff_no="A1001", name="许诺", team=team, joined_on=date(2026, 3, 1), actor=None, now=now
    )

    assert authenticate(username="a1001", password=password) == agent.user
    assert agent.user.role_names == {Role.AGENT}
    assert agent.user.must_change_password
    assert (agent.user.name_initials, agent.status) == ("xn", AgentStatus.ACTIVE)
    assert Agent.objects.matching("xn").get() == Agent.objects.matching("A1001").get() == agent
    assert Entry.objects.filter(action="agents.agent_created").count() == 1
    with pytest.raises(StaffNumberTaken):
        agents.create_agent(staff_no="a1001", name="别人", team=team, actor=None, now=now)


def test_cards_follow_their_agent_to_another_team_and_cost_stays_where_it_arose(now):
    agent = AgentFactory()
    old, new = agent.user.team, TeamFactory()
    accepted = hand_over(CardFactory(), agent, at=now - timedelta(days=3))
    waiting = hand_over(CardFactory(), agent, at=now - timedelta(days=2))
    accept(assignment_id=accepted.pk, actor=agent.user, now=now - timedelta(days=2))

    change(agent, now, team=new)

    for card in Card.objects.all():
        assert (card.team, card.holder, card.custody_state) == (new, agent.user, CustodyState.ISSUED)
    periods = Assignment.objects.filter(card=accepted.card).order_by("started_at")
    assert [(row.team, row.ended_at) for row in periods] == [(old, now), (new, None)]
    assert periods[1].state == AssignmentState.ACCEPTED
    assert Assignment.objects.open().get(card=waiting.card).state == AssignmentState.HANDED_OVER
    assert list(custody_differences()) == []


def test_what_stays_the_same_writes_nothing(now):
    agent = AgentFactory()

    change(agent, now)

    assert not Entry.objects.exists()


def test_facts_are_changed(now):
    agent = AgentFactory()

    changed = change(agent, now, name="新名", mobile="+8616000000001", joined_on=date(2026, 2, 2))

    assert (changed.user.name, changed.user.mobile, changed.joined_on) == ("新名", "+8616000000001", date(2026, 2, 2))
    with pytest.raises(NotVisible):
        agents.update_agent(agent_id=0, facts=agents.AgentFacts.of(agent), actor=None, now=now)


def test_an_agent_on_hold_is_released(now):
    agent = AgentFactory()
    with pytest.raises(ReasonMissing):
        agents.hold(agent_id=agent.pk, reason=" ", actor=None, now=now)

    agents.hold(agent_id=agent.pk, reason="two complaints", actor=None, now=now)
    agent.refresh_from_db()
    assert (agent.status, agent.hold_reason) == (AgentStatus.ON_HOLD, "two complaints")

    agents.release(agent_id=agent.pk, actor=None, now=now)
    agent.refresh_from_db()
    assert (agent.status, agent.hold_reason) == (AgentStatus.ACTIVE, "")
    with pytest.raises(AgentNotOnHold):
        agents.release(agent_id=agent.pk, actor=None, now=now)


def test_who_leaves_cannot_sign_in_and_their_cards_are_called_back(reference, now):
    """R76: on leaving the sign-in ends at once and what is still held is named until it is taken back."""
    agent, password = agents.create_agent(staff_no="A7", name="孙浩", team=TeamFactory(), actor=None, now=now)
    first, second = (hand_over(CardFactory(), agent, at=now).card for _ in range(2))
    return_card(card_id=hand_over(CardFactory(), agent, at=now).card_id, actor=None, now=now)

    leaving = agents.leave(agent_id=agent.pk, reason="resigned", actor=None, now=now)

    assert {card.pk for card in leaving.held} == {first.pk, second.pk}
    assert {card.custody_state for card in leaving.held} == {CustodyState.RETURN_DUE}
    assert authenticate(username="A7", password=password) is None
    agent.refresh_from_db()
    assert (agent.status, agent.left_on) == (AgentStatus.LEFT, business_day(now))
    assert Assignment.objects.open().count() == 2
    assert list(custody_differences()) == []
    entry = Entry.objects.get(action="agents.agent_left")
    assert (entry.reason, sorted(entry.data["held"])) == ("resigned", [first.pk, second.pk])

    return_card(card_id=first.pk, actor=None, now=now)
    assert Card.objects.get(pk=first.pk).custody_state == CustodyState.IN_STOCK


def test_who_left_stays_so_until_they_rejoin(reference, now):
    agent = AgentFactory(joined_on=date(2026, 1, 1))
    agents.leave(agent_id=agent.pk, reason="", actor=None, now=now)
    for refused in (agents.leave, agents.hold):
        with pytest.raises(AgentHasLeft):
            refused(agent_id=agent.pk, reason="again", actor=None, now=now)
    with pytest.raises(DatesRunBackwards):
        change(Agent.objects.get(), now, joined_on=date(2026, 12, 1))

    back, password = agents.rejoin(agent_id=agent.pk, joined_on=None, actor=None, now=now + timedelta(days=9))

    assert (back.status, back.left_on, back.joined_on) == (AgentStatus.ACTIVE, None, business_day(now) + timedelta(9))
    assert authenticate(username=agent.user.username, password=password) == agent.user


def test_a_supervisor_sees_the_agents_of_their_teams_only(reference):
    agent, other = AgentFactory(), AgentFactory()
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=agent.user.team)

    assert list(Agent.objects.visible_to(supervisor)) == [agent]
    assert list(Agent.objects.visible_to(other.user)) == [other]
    assert Agent.objects.visible_to(PersonFactory(role=Role.FINANCE)).count() == 2
