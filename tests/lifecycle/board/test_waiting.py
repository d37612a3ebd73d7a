"""What waits for the person on the board, and the reminder to accept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import RequestState
from agents.errors import HandoverEnded, RemindedAlready
from agents.models import Assignment
from agents.services.acceptances import remind_to_accept
from billing.models import Dispute
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cardfleet.notify.models import InboxItem
from cards.choices import CustodyState
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import CardRequestFactory, hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory
from tests.lifecycle.board.facts import in_team

WAITING = reverse("lifecycle:board-waiting")


def test_the_numbers_are_those_of_the_lists_behind_them(client, supervisor, team):
    """R10, R102: requests that wait for the person, and inspections that are due, in their scope."""
    CardRequestFactory(agent=in_team(team))
    CardRequestFactory(agent=in_team(team), state=RequestState.REJECTED, level="")
    CardRequestFactory(agent=in_team(TeamFactory()))
    for where in (team, TeamFactory()):
        CardFactory(team=where, custody_state=CustodyState.SPARE)
    client.force_login(supervisor)
    shown = client.get(WAITING).context
    listed = client.get(reverse("agents:requests")).context["waiting"]
    assert shown["requests"] == len(listed) == 1
    assert shown["inspections"] == client.get(reverse("cards:inspections")).context["due_count"] == 1


def test_requests_are_not_counted_for_those_who_may_not_see_them(client, reference):
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert reverse("agents:requests") not in client.get(WAITING).content.decode()


@pytest.mark.usefixtures("reference")
def test_a_term_that_passed_stands_on_the_board_of_finance(client):
    """R30: complaints a carrier has not answered in time are as many as the list behind the number shows."""
    today = business_day(timezone.now())
    for days, state in ((1, "open"), (0, "open"), (9, "refused")):
        due = today - timedelta(days=days)
        Dispute.objects.create(
            account=AccountFactory(), month=due.replace(day=1), amount=5, sent_on=due, due_on=due, opened_at=FRIDAY,
            state=state,
        )  # fmt: skip
    client.force_login(PersonFactory(role=Role.FINANCE))
    shown = client.get(WAITING)
    listed = f"{reverse('billing:disputes')}?state=open&due_before={today:%Y-%m-%d}"
    assert listed.replace("&", "&amp;") in shown.content.decode()
    assert shown.context["disputes"] == len(client.get(listed).context["page_obj"]) == 1


@pytest.mark.usefixtures("reference")
def test_an_agent_is_reminded_once_an_hour_of_all_cards_to_be_accepted(supervisor, team):
    """R75: one message for all cards, none within the hour, none where everything is signed for."""
    agent = in_team(team)
    held = [hand_over(CardFactory(team=team), agent) for _ in range(2)]
    asked = {"assignments": Assignment.objects.visible_to(supervisor), "actor": supervisor}
    remind_to_accept(assignment_id=held[0].pk, now=FRIDAY, **asked)
    with pytest.raises(RemindedAlready):
        remind_to_accept(assignment_id=held[1].pk, now=FRIDAY + timedelta(minutes=59), **asked)
    remind_to_accept(assignment_id=held[1].pk, now=FRIDAY + timedelta(minutes=61), **asked)
    assert [item.params["count"] for item in InboxItem.objects.filter(user=agent.user)] == [2, 2]
    Assignment.objects.update(accepted_at=FRIDAY)
    with pytest.raises(HandoverEnded):
        remind_to_accept(assignment_id=held[0].pk, now=FRIDAY + timedelta(hours=5), **asked)
    foreign = hand_over(CardFactory(), in_team(TeamFactory()))
    with pytest.raises(NotVisible):
        remind_to_accept(assignment_id=foreign.pk, now=FRIDAY, **asked)


def test_the_row_of_the_queue_reminds_at_once(board, client, team):
    """The next action of a hand-over nobody accepted acts, instead of opening the card; the board stays."""
    held = hand_over(CardFactory(team=team), in_team(team), accept_by=FRIDAY - timedelta(hours=1))
    url = reverse("lifecycle:remind-acceptance", args=[held.pk])
    assert [(step.url, step.is_deed) for _, step in board().context["tasks"]] == [(url, True)]
    answer = client.post(url, headers={"HX-Request": "true"})
    assert (answer.status_code, "toast" in answer["HX-Trigger"]) == (204, True)
    assert client.post(url).status_code == 409
