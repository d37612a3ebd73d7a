"""Accepting, returning and undoing hand-outs (R11, R74, R75; invariants 1 and 2)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from agents.choices import AssignmentState
from agents.errors import (
    HandoverEnded,
    NotAssigned,
    NotTheHolder,
    ReasonMissing,
    ReturnNotUsable,
    UndoTooLate,
)
from agents.models import Assignment
from agents.selectors.custody import custody_differences
from agents.services.assignments import accept, return_card, undo
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cards.choices import Axis, Condition, CustodyState
from cards.models import Card, CardChange
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db


def timeline(card):
    return list(Entry.objects.about(f"cards.card:{card.pk}").order_by("id").values_list("action", flat=True))


def test_the_holder_signs_once(now):
    """R75: the holder signs for the card."""
    assignment = hand_over(CardFactory(), AgentFactory(), at=now)
    assert assignment.state == AssignmentState.HANDED_OVER

    accept(assignment_id=assignment.pk, actor=assignment.agent.user, now=now)
    accept(assignment_id=assignment.pk, actor=assignment.agent.user, now=now + timedelta(hours=1))

    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.ACCEPTED
    assert assignment.accepted_at == now
    assert timeline(assignment.card).count("agents.card_accepted") == 1


def test_nobody_signs_for_another(now):
    assignment = hand_over(CardFactory(), AgentFactory(), at=now)

    with pytest.raises(NotTheHolder):
        accept(assignment_id=assignment.pk, actor=PersonFactory(is_superuser=True), now=now)

    assignment.refresh_from_db()
    assert assignment.accepted_at is None


def test_what_ended_is_not_accepted(now):
    assignment = hand_over(CardFactory(), AgentFactory(), at=now)
    return_card(card_id=assignment.card_id, actor=None, now=now)

    with pytest.raises(HandoverEnded):
        accept(assignment_id=assignment.pk, actor=assignment.agent.user, now=now)
    with pytest.raises(NotVisible):
        accept(assignment_id=0, actor=assignment.agent.user, now=now)


@pytest.mark.parametrize(
    ("to", "condition"),
    [
        (CustodyState.IN_STOCK, Condition.GOOD),
        (CustodyState.SPARE, Condition.WORN),
        (CustodyState.FAULTY, Condition.DAMAGED),
    ],
)
def test_a_returned_card_goes_where_it_is_put(to, condition, now):
    """R76, R8: the card comes back, with its condition, and stays with the team."""
    agent, actor = AgentFactory(), PersonFactory()
    assignment = hand_over(CardFactory(), agent, at=now, note="with phone")

    later = now + timedelta(days=3)
    return_card(card_id=assignment.card_id, actor=actor, now=later, to=to, condition=condition, note="scratched")

    assignment.refresh_from_db()
    card = Card.objects.get()
    assert (assignment.ended_at, assignment.returned_to, assignment.return_condition) == (later, actor, condition)
    assert assignment.note == "with phone\nscratched"
    assert (card.holder, card.team, card.custody_state, card.condition) == (None, agent.user.team, to, condition)
    ways = CardChange.objects.filter(axis=Axis.CUSTODY).order_by("id").values_list("from_state", "to_state")
    assert list(ways)[-2:] == [("issued", "returned"), ("returned", to)]
    assert "agents.card_returned" in timeline(card)
    assert list(custody_differences()) == []


@pytest.mark.parametrize(
    ("to", "condition"),
    [(CustodyState.ISSUED, Condition.GOOD), (CustodyState.IN_STOCK, Condition.DAMAGED)],
)
def test_a_place_that_makes_no_sense_is_refused(to, condition, now):
    assignment = hand_over(CardFactory(), AgentFactory(), at=now)

    with pytest.raises(ReturnNotUsable):
        return_card(card_id=assignment.card_id, actor=None, now=now, to=to, condition=condition)

    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.HANDED_OVER


def test_only_a_held_card_comes_back(now):
    with pytest.raises(NotAssigned):
        return_card(card_id=CardFactory().pk, actor=None, now=now)
    with pytest.raises(NotVisible):
        return_card(card_id=0, actor=None, now=now)


def test_a_mistaken_hand_out_never_happened(now):
    """R11: a mistaken hand-out is undone: the card lies where it lay and its history shows no holder."""
    team = TeamFactory()
    assignment = hand_over(CardFactory(team=team, custody_state=CustodyState.SPARE), AgentFactory(), at=now)
    later = now + timedelta(days=2)

    undo(assignment_id=assignment.pk, reason="the other card was meant", actor=None, now=later)

    card = Card.objects.get()
    assert (card.holder, card.team, card.custody_state) == (None, team, CustodyState.SPARE)
    assert not Assignment.objects.standing().exists()
    assert Assignment.objects.get().state == AssignmentState.UNDONE
    assert Entry.objects.get(action="agents.handout_undone").reason == "the other card was meant"
    hand_over(card, AgentFactory(), at=later)
    assert list(custody_differences()) == []


def test_an_accepted_hand_out_is_undone_on_its_day_only(now):
    holder = AgentFactory()
    first, second = (hand_over(CardFactory(), holder, at=now) for _ in range(2))
    for assignment in (first, second):
        accept(assignment_id=assignment.pk, actor=holder.user, now=now)

    undo(assignment_id=first.pk, reason="mistake", actor=None, now=now + timedelta(hours=5))
    with pytest.raises(UndoTooLate):
        undo(assignment_id=second.pk, reason="mistake", actor=None, now=now + timedelta(days=1))
    with pytest.raises(HandoverEnded):
        undo(assignment_id=first.pk, reason="mistake", actor=None, now=now + timedelta(hours=5))
    with pytest.raises(ReasonMissing):
        undo(assignment_id=second.pk, reason="", actor=None, now=now)

    assert list(Assignment.objects.open()) == [second]


def test_the_database_refuses_two_holders_and_overlapping_periods(now):
    """Invariant 2: at most one open assignment a card, no two overlapping in history."""
    past = hand_over(CardFactory(), AgentFactory(), at=now - timedelta(days=9))
    return_card(card_id=past.card_id, actor=None, now=now - timedelta(days=3))
    period = {"card": past.card, "agent": AgentFactory(), "team": None, "recorded_at": now}

    with pytest.raises(IntegrityError, match="assignments_do_not_overlap"):
        Assignment.objects.create(started_at=now - timedelta(days=4), **period)


def test_reconcile_custody_proves_or_names_what_differs(now):
    held = hand_over(CardFactory(), AgentFactory(), at=now)
    loose = CardFactory()
    out = StringIO()
    call_command("reconcile_custody", stdout=out)
    assert "2 cards" in out.getvalue()

    Card.objects.filter(pk=held.card_id).update(holder=PersonFactory(), team=TeamFactory())
    Card.objects.filter(pk=loose.pk).update(custody_state=CustodyState.ISSUED)
    with pytest.raises(CommandError) as raised:
        call_command("reconcile_custody", stdout=out)

    assert raised.value.returncode == 1
    found = {(row.card_id, row.field) for row in custody_differences()}
    assert found == {(held.card_id, "holder"), (held.card_id, "team"), (loose.pk, "custody_state")}


@pytest.mark.parametrize("changes", [{"holder": None}, {"custody_state": CustodyState.IN_STOCK, "holder": None}])
def test_a_card_that_forgot_its_holder_is_found(changes, now):
    held = hand_over(CardFactory(), AgentFactory(), at=now)
    Card.objects.filter(pk=held.card_id).update(**changes)

    found = {row.field for row in custody_differences()}

    assert found == set(changes)
