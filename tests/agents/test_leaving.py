"""Leaving from the notice to the end (R76)."""

from datetime import date, timedelta

import pytest

from agents.choices import LeavingState, LeavingTaskKind
from agents.errors.leaving import LeavesAlready, LeavingUnfinished, NoticeNotUsable, TaskByFact
from agents.models import Assignment, Leaving, LeavingTask
from agents.rules.leaving import Leaver, Terms, Wanted, tasks_of
from agents.services import agents
from agents.services.assignments import return_card
from agents.services.leavers import watch_leavers
from agents.services.leaving import complete_task, finish, give_notice, settle_tasks
from cardfleet.accounts.services.access import deactivate
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState
from cards.models import Card
from cards.services.secrets import set_secrets
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, LeavingFactory, hand_over
from tests.factories.cards import CardFactory

Kind = LeavingTaskKind
DAY = date(2026, 11, 30)


def test_what_is_to_be_wound_up_and_by_when():
    """R76: cards back, codes changed, users registered anew or cards cancelled by a date, claims settled."""
    leaver = Leaver(leaves_on=DAY, held=[2, 1], with_secrets=[1, 9], registered=[3])

    tasks = list(tasks_of(leaver, Terms(return_days=0, secrets_days=3, user_days=30, claims_days=10)))

    assert tasks == [
        Wanted(Kind.ACCESS, None, DAY),
        Wanted(Kind.RETURN, 1, DAY),
        Wanted(Kind.RETURN, 2, DAY),
        Wanted(Kind.SECRETS, 1, date(2026, 12, 3)),
        Wanted(Kind.USER, 3, date(2026, 12, 30)),
        Wanted(Kind.CLAIMS, None, date(2026, 12, 10)),
    ]


@pytest.mark.django_db
def test_a_leaver_is_wound_up_by_what_happens_and_not_before(now):
    """R76: the access ends at once; nothing is finished while a card, a code, a name or a claim is open."""
    agent, actor = AgentFactory(), PersonFactory()
    card = CardFactory(actual_user=agent.user, team=agent.user.team)
    hand_over(card, agent, at=now - timedelta(days=9))
    set_secrets(card_id=card.pk, secrets={"pin1": "1234"}, actor=None, now=now - timedelta(days=9))
    last = business_day(now) + timedelta(days=2)
    leaving = give_notice(agent_id=agent.pk, leaves_on=last, reason="moves", actor=actor, now=now)
    assert (leaving.state, Assignment.objects.get().due_back_on) == (LeavingState.NOTICED, last)
    with pytest.raises(LeavesAlready):
        give_notice(agent_id=agent.pk, leaves_on=last, reason="", actor=actor, now=now)
    assert watch_leavers(today=last, now=now) == {"left": 0, "done": 0}

    after = now + timedelta(days=3)
    assert watch_leavers(today=business_day(after), now=after)["left"] == 1
    assert watch_leavers(today=business_day(after), now=after) == {"left": 0, "done": 0}
    leaving.refresh_from_db()
    agent.user.refresh_from_db()
    assert (leaving.state, agent.user.is_active) == (LeavingState.GOING_ON, False)
    assert Card.objects.get().custody_state == CustodyState.RETURN_DUE
    with pytest.raises(LeavingUnfinished) as refused:
        finish(leaving_id=leaving.pk, actor=actor, now=after)
    left = {reason.code for reason in refused.value.reasons}
    assert left == {"undone_return", "undone_secrets", "undone_user", "undone_claims"}

    return_card(card_id=card.pk, condition="good", to=CustodyState.IN_STOCK, actor=actor, now=after)
    set_secrets(card_id=card.pk, secrets={"pin1": "4321"}, actor=actor, now=after + timedelta(hours=1))
    Card.objects.update(actual_user=None)
    assert settle_tasks(now=after) == 3
    claims = LeavingTask.objects.get(done_at=None)
    complete_task(leaving_id=leaving.pk, task_id=claims.pk, note="nothing owed", actor=actor, now=after)
    assert finish(leaving_id=leaving.pk, actor=actor, now=after).state == LeavingState.FINISHED
    assert Entry.objects.filter(action="agents.leaving_task_done").count() == 5


@pytest.mark.django_db
def test_what_cannot_be_said_and_who_comes_back(now):
    """A day that is over, a card said to be back; whoever rejoins leaves no longer."""
    agent = AgentFactory(joined_on=date(2026, 1, 1))
    hand_over(CardFactory(team=agent.user.team), agent, at=now - timedelta(days=1))
    with pytest.raises(NoticeNotUsable):
        give_notice(agent_id=agent.pk, leaves_on=date(2026, 11, 1), reason="", actor=None, now=now)

    leaving = agents.leave(agent_id=agent.pk, reason="", actor=None, now=now).leaving

    task = LeavingTask.objects.get(kind=Kind.RETURN)
    with pytest.raises(TaskByFact):
        complete_task(leaving_id=leaving.pk, task_id=task.pk, note="surely", actor=None, now=now)
    agents.rejoin(agent_id=agent.pk, joined_on=None, actor=None, now=now)
    assert Leaving.objects.get().state == LeavingState.WITHDRAWN


@pytest.mark.django_db
def test_whose_access_was_ended_elsewhere_has_left_too(now):
    """A person deactivated on the page of people is a leaver; each run finds them once."""
    agent = AgentFactory()
    deactivate(person=agent.user, actor=None, now=now)

    assert watch_leavers(today=business_day(now), now=now)["left"] == 1
    assert watch_leavers(today=business_day(now), now=now)["left"] == 0


@pytest.mark.django_db
def test_leavers_over_the_api(client, now, reference):
    """The import, the page and the API leave the same record; a later last day only gives notice."""
    supervisor = PersonFactory(role="supervisor", scope=(agent := AgentFactory()).user.team)
    LeavingFactory()
    client.force_login(supervisor)
    told = client.post(f"/api/v1/agents/{agent.pk}/leave/", {"reason": "moves"}, "application/json").json()

    listed = client.get("/api/v1/leavings/").json()["results"]

    assert [one["id"] for one in listed] == [told["id"]]
    assert (told["state"], [task["kind"] for task in told["tasks"]]) == ("going_on", ["access", "claims"])
    answer = client.post(f"/api/v1/leavings/{told['id']}/finish/")
    assert (answer.status_code, answer.json()["code"]) == (409, "leaving_unfinished")
