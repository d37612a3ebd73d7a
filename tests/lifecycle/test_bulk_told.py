"""Who is told of hand-outs that do not go over the desk's scans; and trying the refused rows of an undo again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from agents.models import Assignment
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import retry_refused, start_undo
from cardfleet.notify.models import InboxItem
from cards.choices import CustodyState
from cards.models import Card
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.cards import CardFactory
from tests.lifecycle.bulk_jobs import done, run, start

STOCK = {"to": "in_stock", "condition": "good"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def desk(team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


@pytest.fixture
def agent(team):
    return train(AgentFactory(user__team=team))


@pytest.fixture
def cards(team):
    return CardFactory.create_batch(3, team=team)


def told(agent) -> list[int]:
    """The number of cards in each message the agent got."""
    return [item.params["count"] for item in InboxItem.objects.filter(user=agent.user).order_by("pk")]


def test_a_bulk_hand_out_tells_the_agent_once(cards, desk, agent):
    """R75: one message for all cards that went out, also where the job was cut off and goes on."""
    hand_over(cards[2], AgentFactory(user__team=desk.team))
    job = start("issue", cards, desk, agent=agent.user.staff_no)
    run(job)
    Job.objects.filter(pk=job.pk).update(state="queued")
    run(job)
    assert told(agent) == [2]


def test_cards_handed_out_again_are_told_as_well(cards, desk, agent):
    """Undoing a return is a hand-out that the agent accepts anew."""
    for card in cards:
        hand_over(card, agent, accepted_at=FRIDAY)
    job = done("return", cards, desk, to="in_stock", condition="good")
    assert told(agent) == []
    run(start_undo(job=job, actor=desk, now=FRIDAY))
    assert told(agent) == [3]


def test_single_cards_are_told_once_an_act(cards, desk, agent, client, time_machine):
    """R75: over the API and by the desk's form; a second card within minutes waits under My cards with the first."""
    api = APIClient()
    api.force_authenticate(desk)
    first, second, third = cards
    assert api.post(f"/api/v1/cards/{first.pk}/issue/", {"agent": agent.pk}).status_code == 200
    assert api.post(f"/api/v1/cards/{second.pk}/issue/", {"agent": agent.pk}).status_code == 200
    assert told(agent) == [1]
    Assignment.objects.update(accepted_at=FRIDAY)
    client.force_login(desk)
    given = {"card": third.iccid, "agent": agent.user.staff_no}
    assert client.post(reverse("lifecycle:issue"), given).status_code == 302
    assert told(agent) == [1, 1]
    time_machine.move_to(FRIDAY + timedelta(minutes=30), tick=False)
    other = train(AgentFactory(user__team=desk.team))
    assert api.post(f"/api/v1/cards/{third.pk}/transfer/", {"agent": other.pk}).status_code == 200
    assert told(other) == [1]


def test_refused_rows_of_an_undo_are_tried_again(cards, desk, agent):
    """A card that was changed since is refused; once it is as the job left it, its row alone is undone."""
    job = done("return", [hand_over(card, agent, accepted_at=FRIDAY).card for card in cards], desk, **STOCK)
    Card.objects.filter(pk=cards[1].pk).update(custody_state=CustodyState.SPARE)
    undo = run(start_undo(job=job, actor=desk, now=FRIDAY))
    assert (undo.state, undo.succeeded, undo.refused) == ("partial", 2, 1)
    Card.objects.filter(pk=cards[1].pk).update(custody_state=CustodyState.IN_STOCK)
    again = run(retry_refused(job=undo, actor=desk, now=FRIDAY))
    assert (again.state, again.total, again.succeeded) == ("done", 1, 1)
    assert Assignment.objects.open().count() == 3
    assert not job.items.filter(undone_at__isnull=True).exists()
