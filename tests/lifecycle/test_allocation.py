"""Handing out where every gate and rule is seen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.errors import HandoutRefused, NotAssigned
from agents.models import Assignment
from agents.services.assignments import return_card
from cardfleet.accounts.choices import Role
from cards.choices import RealNameState, ServiceState, StopReason
from cards.models import Card, CarrierRule
from cards.services.rules import write_version
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.services.allocation import issue_card, transfer_card
from lifecycle.services.states import record_state
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def agent():
    return train(AgentFactory())


def give(card, agent, now, *, actor=None, gates=None):
    return issue_card(card_id=card.pk, agent_id=agent.pk, actor=actor, now=now, gates=gates or {})


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_card_in_order_goes_to_a_trained_agent(agent, now):
    """R11, R73: the default rules stand in nobody's way."""
    card = CardFactory()
    give(card, agent, now)
    card.refresh_from_db()
    assert card.holder == agent.user


def test_a_block_rule_that_is_hit_refuses_with_its_sentence(agent, now):
    """R79: a card whose second verification is overdue is not handed out (invariant 3)."""
    card = CardFactory(reverify_due_at=now - timedelta(hours=1))
    with pytest.raises(HandoutRefused) as refused:
        give(card, agent, now)
    assert codes(refused) == ["rule_blocks"]
    assert not Assignment.objects.exists()


def test_a_rule_that_only_warns_refuses_nothing(agent, now):
    rule = CarrierRule.objects.get(kind="reverify_due")
    day = now.date()
    write_version(rule_id=rule.pk, changes={"action": "warn"}, effective_from=day, reason="x", actor=None, now=now)
    give(CardFactory(reverify_due_at=now - timedelta(hours=1)), agent, now)


def test_the_real_name_is_judged_by_its_gate_alone(agent, now):
    """R23: once, by the gate that a company may lower while it takes its fleet over."""
    card = CardFactory(real_name_state=RealNameState.UNKNOWN)
    with pytest.raises(HandoutRefused) as refused:
        give(card, agent, now)
    assert codes(refused) == ["real_name_not_valid"]


@pytest.mark.parametrize("given_back", [False, True])
def test_no_spare_replaces_a_card_stopped_as_a_penalty(agent, now, given_back):
    """R47, R55, X9: never go on with a spare after a violation stop, also when the stopped card is given back first."""
    stopped, spare = CardFactory(), CardFactory()
    hand_over(stopped, agent, at=now - timedelta(days=3))
    record_state(
        card_id=stopped.pk,
        to=ServiceState.FORCED_STOP,
        reason=StopReason.COMPLAINT,
        source="carrier_sms",
        at=now - timedelta(hours=1),
        actor=None,
        now=now,
    )
    if given_back:
        return_card(card_id=stopped.pk, actor=None, now=now)
    with pytest.raises(HandoutRefused) as refused:
        give(spare, agent, now, actor=PersonFactory(role=Role.SUPERVISOR))
    assert codes(refused) == ["release_missing"]
    give(CardFactory(purpose="service"), agent, now)
    give(spare, agent, now, actor=PersonFactory(role=Role.COMPLIANCE))


def test_a_card_stopped_for_arrears_may_be_replaced(agent, now):
    """R55: spares are for faults, arrears and maintenance."""
    stopped = CardFactory()
    hand_over(stopped, agent, at=now - timedelta(days=3))
    facts = {"to": ServiceState.FULL_STOP, "reason": StopReason.ARREARS, "source": "carrier_sms"}
    record_state(card_id=stopped.pk, at=now, actor=None, now=now, **facts)
    give(CardFactory(), agent, now)


def test_a_recorded_stop_is_an_alert_at_once(agent, now):
    """R34: nobody waits for the next run to see who stands still."""
    card = CardFactory()
    hand_over(card, agent, at=now - timedelta(days=3))
    facts = {"to": ServiceState.HALF_STOP, "reason": StopReason.HIGH_FEE, "source": "carrier_sms"}
    record_state(card_id=card.pk, at=now, actor=None, now=now, **facts)
    assert Alert.objects.open().get(card=card).kind == AlertKind.STOPPED
    back = {"to": ServiceState.ACTIVE, "reason": "", "source": "carrier_sms"}
    record_state(card_id=card.pk, at=now, actor=None, now=now + timedelta(minutes=1), **back)
    assert not Alert.objects.open().exists()


def test_a_transfer_is_both_or_neither(agent, now):
    """R74: from hand to hand only through the books."""
    card, next_agent, untrained = CardFactory(), train(AgentFactory()), AgentFactory()
    hand_over(card, agent, at=now - timedelta(days=3))
    with pytest.raises(HandoutRefused):
        transfer_card(card_id=card.pk, agent_id=untrained.pk, actor=None, now=now, gates={})
    assert Card.objects.get(pk=card.pk).holder == agent.user
    transfer_card(card_id=card.pk, agent_id=next_agent.pk, actor=None, now=now, gates={})
    assert Card.objects.get(pk=card.pk).holder == next_agent.user
    assert Assignment.objects.open().get(card=card).agent == next_agent


def test_a_card_nobody_holds_is_not_transferred(agent, now):
    with pytest.raises(NotAssigned):
        transfer_card(card_id=CardFactory().pk, agent_id=agent.pk, actor=None, now=now, gates={})


def test_the_rules_of_a_hand_out_never_read_calls_or_money(agent, now):
    """A hand-out is quick: what forbids it stands on the card."""
    card = CardFactory()
    with CaptureQueriesContext(connection) as captured:
        give(card, agent, now)
    asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
    assert not any("usage" in sql or "ledger" in sql for sql in asked)


def test_a_hand_out_takes_eleven_statements_whatever_rules_there_are(agent, now, django_assert_num_queries):
    """Issue 3, G6: two locks, what the gates ask, the rules, four writes, and the two of a transaction."""
    card = CardFactory()
    with django_assert_num_queries(11):
        give(card, agent, now)
