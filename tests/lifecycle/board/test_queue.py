"""What needs action: order, heaps, today, the one next step, scope."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cards.choices import ServiceState, Severity, StopReason
from cards.models import Card
from lifecycle.choices import AlertKind, AlertState
from lifecycle.selectors.board.queue import MOST, queue_of
from lifecycle.selectors.board.ranking import rank
from tests.conftest import FRIDAY
from tests.factories.accounts import TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory
from tests.factories.lifecycle import AlertFactory
from tests.lifecycle.board.facts import held_by, in_team, stopped


def queue_for(person, first=MOST):
    return queue_of(rank(person, now=FRIDAY, first=MOST), first=first)


def test_an_agent_who_cannot_call_comes_first_then_the_nearest_deadline(supervisor, team):
    """R34: of two stopped cards the one whose holder has no other is first, and alone has a filled button."""
    soon = AlertFactory(card=held_by(in_team(team)), kind=AlertKind.ARREARS, due_at=FRIDAY - timedelta(days=9))
    spare_holder = in_team(team)
    held_by(spare_holder)
    with_another = stopped(held_by(spare_holder))
    alone = stopped(held_by(in_team(team)))
    queue = queue_for(supervisor)
    assert [task.subject for task in queue.today] == [alone, soon, with_another]
    assert [task.holder_cannot_call for task in queue.today] == [True, False, False]
    assert queue.standing_still == 1


def test_of_one_deadline_the_gravest_then_the_riskiest_then_the_oldest_comes_first(supervisor, team):
    """Design, section 7: the database ranks all, and gives out the first."""
    risk = {"card__team": team, "kind": AlertKind.SUSPENSION_RISK, "severity": Severity.HIGH}
    old, new = (
        AlertFactory(card__team=team, severity=Severity.CRITICAL, first_seen_at=FRIDAY - timedelta(days=days))
        for days in (9, 1)
    )
    high, low = (AlertFactory(**risk, params={"score": score}) for score in (91, 72))
    due = AlertFactory(card__team=team, severity=Severity.INFO, due_at=FRIDAY)
    queue = queue_for(supervisor, first=4)
    assert [task.subject for task in queue.today] == [due, old, new, high]
    assert (queue.today_count, queue.highest_risk, low.pk > high.pk) == (5, 91, True)


def test_what_can_wait_is_one_heap_a_kind(supervisor, team):
    """What is due after today is merged by kind, with its earliest day and its teams."""
    for days in (3, 3, 5):
        AlertFactory(card__team=team, due_at=FRIDAY + timedelta(days=days))
    queue = queue_for(supervisor)
    assert (queue.today_count, queue.later_count, queue.cards) == (0, 3, 3)
    (heap,) = queue.later
    assert (heap.kind, heap.count, heap.first, heap.teams) == ("card_expiry", 3, 2, [("East", 3)])
    assert heap.due_at == FRIDAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("severity", "due", "today"),
    [
        (Severity.INFO, timedelta(hours=13), True),
        (Severity.INFO, timedelta(hours=14), False),
        (Severity.HIGH, None, True),
        (Severity.WARN, None, False),
    ],
)
def test_today_ends_at_midnight_in_shanghai(supervisor, team, client, severity, due, today):
    """The board and the list of alerts agree on what is for today."""
    alert = AlertFactory(card__team=team, severity=severity, due_at=due and FRIDAY + due)
    queue = queue_for(supervisor)
    client.force_login(supervisor)
    for name, has in (("today", today), ("later", not today)):
        listed = client.get(reverse("lifecycle:alerts"), {"due": name, "kind": alert.kind})
        assert listed.context["page_obj"].paginator.count == int(has)
    assert (queue.today_count, queue.later_count) == (int(today), int(not today))


def test_a_stop_is_for_today_whatever_its_deadline(client, supervisor, team):
    """R34: a card to be verified by tomorrow is stopped now."""
    stopped(held_by(in_team(team)), due_at=FRIDAY + timedelta(days=1))
    assert queue_for(supervisor).today_count == 1
    client.force_login(supervisor)
    listed = client.get(reverse("lifecycle:alerts"), {"due": "today"})
    assert listed.context["page_obj"].paginator.count == 1


def test_hand_overs_and_returns_stand_in_the_queue(supervisor, team):
    """R12, R14: who has not accepted, and who is to give back, each with the next step."""
    waiting = hand_over(CardFactory(team=team), in_team(team), accept_by=FRIDAY - timedelta(hours=1))
    late = hand_over(CardFactory(team=team), in_team(team), accepted_at=FRIDAY, due_back_on=date(2026, 11, 18))
    hand_over(CardFactory(team=team), in_team(team), accepted_at=FRIDAY, due_back_on=date(2026, 11, 21))
    queue = queue_for(supervisor)
    assert [(task.subject, task.action.code) for task in queue.today] == [(late, "return"), (waiting, "acceptance")]
    assert (queue.late_acceptances, queue.late_returns) == (1, 1)


def test_closed_alerts_and_other_teams_stay_away(supervisor, team):
    """Invariant 10: only what is in the person's scope."""
    AlertFactory(card__team=TeamFactory(), due_at=FRIDAY)
    AlertFactory(card__team=team, due_at=FRIDAY, state=AlertState.CLOSED, closed_at=FRIDAY)
    hand_over(CardFactory(team=TeamFactory()), AgentFactory())
    assert queue_for(supervisor).count == 0


def test_only_the_first_rows_are_drawn_and_the_rest_asked_for(board, team):
    """Twelve one by one, then all on request."""
    for _ in range(14):
        AlertFactory(card__team=team, due_at=FRIDAY)
    assert len(board().context["tasks"]) == 12
    assert len(board(queue="all").context["tasks"]) == 14


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (AlertKind.SUSPENSION_RISK, "lifecycle:card"),
        (AlertKind.IDLE, "lifecycle:card"),
    ],
)
def test_each_row_leads_to_one_page(board, team, kind, url):
    """A risk, an idle card: the card's page says what to do."""
    card = held_by(in_team(team), service_state=ServiceState.FULL_STOP, stop_reason=StopReason.ARREARS)
    params = {"since": "2026-11-20", "reason": "arrears", "value": "70", "limit": "90", "last": "2026-09-01"}
    code = "idle_days" if kind == AlertKind.IDLE else "stopped"
    AlertFactory(card=card, kind=kind, code=code, severity=Severity.HIGH, params={**params, "score": 80})
    ((_task, step),) = board().context["tasks"]
    assert step.url == reverse(url, args=[card.pk])


@pytest.mark.parametrize(
    ("reason", "kind"), [(StopReason.CARD_FAULT, "suspension"), (StopReason.LOST, "loss"), ("", "suspension")]
)
def test_a_stop_leads_to_its_case(board, client, team, reason, kind):
    """R34, R44, R55: a case is opened, where the spares are, too; once one is open the row leads there."""
    card = held_by(in_team(team))
    alert = stopped(card)
    Card.objects.filter(pk=card.pk).update(stop_reason=reason)
    page = board()
    ((_task, step),) = page.context["tasks"]
    assert step.url == f"{reverse('lifecycle:case-new')}?card={card.pk}&kind={kind}"
    assert page.content.decode().count('class="btn btn-primary" href') == 1
    assert client.get(step.url).status_code == 200
    case = CaseFactory(card=card, kind=kind, reason=reason or "unknown")
    CaseFactory(card=card, kind="number_review", reason="planned")
    going_on = reverse("lifecycle:case", args=[case.pk])
    assert [step.url for _task, step in board().context["tasks"]] == [going_on]
    assert client.get(reverse("lifecycle:alert", args=[alert.pk])).context["row"].url == going_on
    assert [row.url for row in client.get(reverse("lifecycle:alerts")).context["rows"]] == [going_on]


def test_a_card_stopped_for_conduct_is_not_simply_swapped(board, team):
    """Refusal 9 (domain.md section 7): compliance first."""
    card = held_by(in_team(team))
    stopped(card)
    Card.objects.filter(pk=card.pk).update(stop_reason=StopReason.COMPLAINT)
    ((task, step),) = board().context["tasks"]
    assert (task.action.code, step.url) == (
        "release",
        f"{reverse('lifecycle:case-new')}?card={card.pk}&kind=suspension",
    )
