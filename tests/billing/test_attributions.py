"""Whose calls they are where a hand-out or a return was recorded late (R13; invariant 6)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agents.errors import ReasonMissing
from agents.models import Agent
from billing.errors import AlreadyAttributed, AlreadyWithdrawn, MonthClosed, PeriodNotUsable
from billing.models import LedgerEntry, UsageAttribution, UsageCharge, UsageRecord
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import ledger_total, month_costs
from billing.selectors.proofs import wrong_usage
from billing.services.attributions import attribute, withdraw
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cards.models import Card
from tests.billing.conftest import at, generic
from tests.factories.agents import AgentFactory
from tests.factories.billing import UsageAttributionFactory, held
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
CALLS = generic(
    "13812345678,2026-11-09 23:59:59,out,13900000001,30,0.10",
    "13812345678,2026-11-10 00:00:00,out,13900000001,30,0.20",
    "13812345678,2026-11-11 12:00:00,out,13900000001,30,0.40",
    "13812345678,2026-11-12 00:00:00,out,13900000001,30,0.80",
)


@pytest.fixture
def stamped(card, load):
    """The agent whose calls they are by the assignment, and four calls of the card."""
    agent = AgentFactory()
    held(card, agent, at(1))
    load(CALLS)
    return agent


def attributed(card, agent, start=None, end=None, *, reason="handed over on the 10th", now=None):
    return attribute(
        card_id=card.pk,
        agent_id=agent.pk if agent else None,
        starts_at=start or at(10, 0),
        ends_at=end or at(12, 0),
        reason=reason,
        actor=None,
        now=now or at(20),
    )


def calls_by_agent() -> dict:
    return {row.key: row.calls for row in month_costs(NOVEMBER, CostBy.AGENT).rows}


def test_the_charges_of_the_time_move_to_who_really_held_the_card(card, stamped, load):
    """R13: in the cost report, to the fen; start included, end not; the stamp and the ledger stay."""
    really = AgentFactory()
    before = list(LedgerEntry.objects.values_list("amount", flat=True))
    attributed(card, really)
    assert calls_by_agent() == {stamped.pk: Decimal("0.90"), really.pk: Decimal("0.60")}
    assert set(UsageCharge.objects.filter(agent=really).values_list("team", flat=True)) == {really.user.team_id}
    assert set(UsageRecord.objects.values_list("agent_id", flat=True)) == {stamped.pk}
    assert list(LedgerEntry.objects.values_list("amount", flat=True)) == before
    assert ledger_total(NOVEMBER) == Decimal("1.50")
    assert not list(wrong_usage())
    load(generic("13812345678,2026-11-11 13:00:00,out,13900000002,30,1.00"))
    assert calls_by_agent()[really.pk] == Decimal("1.60")


def test_the_calls_of_a_mistaken_hand_out_are_nobody_s(card, stamped):
    attributed(card, None, reason="handed out by mistake")
    assert calls_by_agent() == {stamped.pk: Decimal("0.90"), None: Decimal("0.60")}


def test_a_withdrawn_attribution_counts_for_nothing_and_leaves_its_time_free(card, stamped):
    wrong, right = AgentFactory(), AgentFactory()
    mistake = attributed(card, wrong)
    withdraw(attribution_id=mistake.pk, reason="another colleague", actor=None, now=at(20))
    assert calls_by_agent() == {stamped.pk: Decimal("1.50")}
    attributed(card, right)
    assert calls_by_agent() == {stamped.pk: Decimal("0.90"), right.pk: Decimal("0.60")}
    with pytest.raises(AlreadyWithdrawn):
        withdraw(attribution_id=mistake.pk, reason="again", actor=None, now=at(20))


def test_the_deed_is_journalled_on_the_card_and_the_agent(card, stamped):
    really = AgentFactory()
    made = attributed(card, really)
    entry = Entry.objects.get(action="billing.usage_attributed")
    assert (entry.subject, entry.reason) == (f"cards.card:{card.pk}", "handed over on the 10th")
    assert set(entry.related) == {f"billing.usageattribution:{made.pk}", f"agents.agent:{really.pk}"}


@pytest.mark.parametrize(("start", "end"), [(9, 11), (10, 12), (11, 20), (9, 20)])
def test_two_of_one_card_never_overlap(card, start, end):
    attributed(card, None)
    with pytest.raises(AlreadyAttributed):
        attributed(card, AgentFactory(), at(start, 0), at(end, 0))
    assert UsageAttribution.objects.count() == 1


def test_the_database_itself_holds_that(card):
    """Neighbours and other cards are free."""
    UsageAttributionFactory(card=card, starts_at=at(10), ends_at=at(12))
    UsageAttributionFactory(card=card, starts_at=at(12), ends_at=at(13))
    UsageAttributionFactory(card=CardFactory(), starts_at=at(10), ends_at=at(12))
    with pytest.raises(IntegrityError), transaction.atomic():
        UsageAttributionFactory(card=card, starts_at=at(11), ends_at=at(12))


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [(at(10), at(20) + timedelta(seconds=1), "in_the_future"), (at(10), at(10), "runs_backwards")],
)
def test_only_a_time_that_has_passed(card, start, end, code):
    with pytest.raises(PeriodNotUsable) as refused:
        attributed(card, None, start, end)
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize(("now", "open_from"), [(at(5, 23), at(1, 0, month=10)), (at(6, 0), at(1, 0))])
def test_a_closed_month_stays(card, now, open_from):
    """Last month is open until the fifth, as for hand-outs."""
    with pytest.raises(MonthClosed):
        attributed(card, None, open_from - timedelta(seconds=1), at(2, 0), now=now)
    attributed(card, None, open_from, at(2, 0), now=now)


def test_an_attribution_of_a_closed_month_is_not_withdrawn(card):
    made = attributed(card, None)
    with pytest.raises(MonthClosed):
        withdraw(attribution_id=made.pk, reason="late", actor=None, now=at(6, month=12))


def test_a_reason_a_card_and_an_agent_are_needed(card):
    with pytest.raises(ReasonMissing):
        attributed(card, None, reason="  ")
    with pytest.raises(NotVisible):
        attributed(Card(pk=0), None)
    with pytest.raises(NotVisible):
        attributed(card, Agent(pk=0))
    assert not UsageAttribution.objects.exists()
