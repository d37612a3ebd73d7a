"""A company comes with cards already in hands (issue 2, item 3)."""

from datetime import timedelta

import pytest

from agents.choices import AgentStatus, AssignmentOrigin, AssignmentState
from agents.errors import ReasonMissing
from agents.models import Assignment
from agents.selectors.custody import custody_differences
from agents.services.assignments import return_card
from agents.services.takeover import TakenOver, open_taken_over
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cards.choices import Axis, ChangeSource, CustodyState, ServiceState
from cards.models import CardChange
from tests.factories.agents import AgentFactory
from tests.factories.cards import RECORDED, CardFactory

pytestmark = pytest.mark.django_db
REASON = "As found on 2026-11-20, attested by the supervisor"


def taken(card, agent, started_at=RECORDED - timedelta(days=200)):
    return TakenOver(card_id=card.pk, agent_id=agent.pk, started_at=started_at)


def test_cards_in_hands_are_opened_under_one_reason_whatever_the_gates(now):
    agent = AgentFactory()
    first, second = CardFactory(), CardFactory(service_state=ServiceState.FULL_STOP, stop_reason="arrears")

    outcome = open_taken_over(rows=[taken(first, agent), taken(second, agent)], reason=REASON, actor=None, now=now)

    assert outcome.refused == []
    for card in (first, second):
        card.refresh_from_db()
        assert (card.holder, card.team, card.custody_state) == (agent.user, agent.user.team, CustodyState.ISSUED)
        assert card.custody_since == RECORDED - timedelta(days=200)
        assignment = Assignment.objects.open().get(card=card)
        assert assignment.origin == AssignmentOrigin.TAKEOVER
        assert assignment.state == AssignmentState.ACCEPTED
        assert assignment.reason == REASON
        assert Entry.objects.about(f"cards.card:{card.pk}").filter(action="agents.card_taken_over").count() == 1
    change = CardChange.objects.filter(axis=Axis.CUSTODY).exclude(from_state="").first()
    assert change.source == ChangeSource.TAKEOVER
    assert list(custody_differences()) == []


def test_the_same_rows_again_add_nothing(now):
    rows = [taken(CardFactory(), AgentFactory())]
    open_taken_over(rows=rows, reason=REASON, actor=None, now=now)

    outcome = open_taken_over(rows=rows, reason=REASON, actor=None, now=now)

    assert (outcome.opened, outcome.unchanged, outcome.refused) == ([], rows, [])
    assert Assignment.objects.count() == 1


def test_rows_that_cannot_be_are_refused_with_the_reason_and_the_others_land(now):
    agent, other = AgentFactory(), AgentFactory()
    gone = AgentFactory(status=AgentStatus.LEFT, left_on=business_day(now))
    held, returned = CardFactory(), CardFactory()
    opening = RECORDED + timedelta(days=5)
    before = [taken(held, other, opening), taken(returned, other, opening)]
    open_taken_over(rows=before, reason=REASON, actor=None, now=now - timedelta(days=2))
    return_card(card_id=returned.pk, actor=None, now=now - timedelta(days=1))
    good, twice = CardFactory(), CardFactory()
    rows = {
        "held_by_another": taken(held, agent),
        "held_then": taken(returned, agent, now - timedelta(days=3)),
        "agent_has_left": taken(CardFactory(), gone),
        "card_ended": taken(CardFactory(service_state=ServiceState.CANCELLED), agent),
        "day_ahead": taken(CardFactory(), agent, now + timedelta(days=1)),
    }
    doubled = taken(twice, other)

    outcome = open_taken_over(
        rows=[*rows.values(), taken(good, agent), taken(twice, agent), doubled], reason=REASON, actor=None, now=now
    )

    assert [row.card_id for row in outcome.opened] == [good.pk, twice.pk]
    assert {reason.code: row for row, reason in outcome.refused[:-1]} == rows
    assert outcome.refused[-1][0] == doubled
    assert outcome.refused[-1][1].code == "held_by_another"
    assert list(custody_differences()) == []


def test_a_card_known_for_long_moves_when_the_file_comes_and_counts_from_its_true_day(now):
    """Invariant 1: what came before is not rewritten."""
    card, agent = CardFactory(), AgentFactory()
    open_taken_over(rows=[taken(card, AgentFactory())], reason=REASON, actor=None, now=now - timedelta(days=9))
    returned = return_card(card_id=card.pk, actor=None, now=now - timedelta(days=8))

    outcome = open_taken_over(
        rows=[taken(card, agent, returned.ended_at + timedelta(hours=1))], reason=REASON, actor=None, now=now
    )

    assert outcome.opened[0].started_at == returned.ended_at + timedelta(hours=1)


def test_an_unknown_card_or_a_missing_reason_writes_nothing(now):
    row = taken(CardFactory(), AgentFactory())
    nobody = TakenOver(card_id=row.card_id, agent_id=0, started_at=row.started_at)

    with pytest.raises(NotVisible):
        open_taken_over(rows=[row, nobody], reason=REASON, actor=None, now=now)
    with pytest.raises(ReasonMissing):
        open_taken_over(rows=[row], reason=" ", actor=None, now=now)

    assert not Assignment.objects.exists()


def test_many_rows_take_as_many_statements_as_one(now, django_assert_num_queries, django_assert_max_num_queries):
    def rows(count):
        return [taken(CardFactory(), AgentFactory()) for _ in range(count)]

    one, many = rows(1), rows(7)
    with django_assert_max_num_queries(25) as counted:
        open_taken_over(rows=one, reason=REASON, actor=None, now=now)
    with django_assert_num_queries(len(counted)):
        open_taken_over(rows=many, reason=REASON, actor=None, now=now)
