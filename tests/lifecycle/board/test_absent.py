"""Who is away today, and which cards lie idle for it."""

from datetime import date

from django.urls import reverse

from agents.choices import AgentStatus
from cards.choices import ServiceState
from tests.factories.agents import AbsenceFactory, AgentFactory
from tests.lifecycle.board.facts import held_by, in_team


def test_the_absent_are_named_with_their_idle_cards(client, supervisor, team):
    """R14: those with most cards first; stopped cards lie idle anyhow; other teams stay away."""
    one, two, none, gone = (in_team(team) for _ in range(4))
    cards = [held_by(one), held_by(two), held_by(two)]
    held_by(one, service_state=ServiceState.FULL_STOP)
    for agent in (one, two, none, gone, AgentFactory()):
        AbsenceFactory(agent=agent, ends_on=date(2026, 11, 22))
    AbsenceFactory(agent=in_team(team), starts_on=date(2026, 11, 21))
    type(gone).objects.filter(pk=gone.pk).update(status=AgentStatus.LEFT, left_on=date(2026, 11, 20))
    client.force_login(supervisor)
    absent = client.get(reverse("lifecycle:board-absent")).context["absent"]
    assert (absent.people, absent.cards) == (3, len(cards))
    assert [(row.agent_id, row.cards) for row in absent.first] == [(two.pk, 2), (one.pk, 1), (none.pk, 0)]
    listed = client.get(reverse("lifecycle:fleet"), {"holder_absent": "true", "service_state": "active"})
    assert {row.card for row in listed.context["listed"].rows} == set(cards)
