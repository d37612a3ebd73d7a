"""Hand-outs and returns recorded late, with their true time and the calls stored meanwhile (R13; invariant 6)."""

from datetime import datetime
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from agents.errors import ReturnNotUsable, StartNotUsable
from agents.models import Assignment
from billing.errors import AlreadyAttributed
from billing.models import UsageAttribution, UsageCharge
from billing.selectors.proofs import wrong_usage
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import SHANGHAI
from cards.models import CardChange
from lifecycle.services.allocation import issue_card, take_back, undo_hand_out
from tests.billing.conftest import OWN, generic, load  # noqa: F401 - a fixture
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.billing import UsageAttributionFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CALLS = generic(
    "13812345678,2026-11-18 09:00:00,out,13900000001,30,0.10",
    "13812345678,2026-11-19 09:00:00,out,13900000001,30,0.20",
    "13812345678,2026-11-20 09:00:00,out,13900000001,30,0.40",
)


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def card():
    return CardFactory(msisdn=OWN)


@pytest.fixture
def agent():
    return train(AgentFactory())


def issue(card, agent, now, started_at=None, note=""):
    return issue_card(
        card_id=card.pk, agent_id=agent.pk, actor=None, now=now, gates={}, started_at=started_at, note=note
    )


def charged() -> dict[int | None, Decimal]:
    sums: dict[int | None, Decimal] = {}
    for agent, amount in UsageCharge.objects.values_list("agent_id", "amount"):
        sums[agent] = sums.get(agent, Decimal(0)) + amount
    assert not list(wrong_usage())
    return sums


def test_calls_stored_before_the_hand_out_was_recorded_become_the_agents(card, agent, load, now):  # noqa: F811
    """R13: entered with its true start, the hand-out outranks the stamp; calls before it stay nobody's."""
    load(CALLS)
    assert charged() == {None: Decimal("0.70")}
    issued = issue(card, agent, now, at(19))
    assert (issued.assignment.started_at, issued.assignment.recorded_at) == (at(19), now)
    assert charged() == {None: Decimal("0.10"), agent.pk: Decimal("0.60")}
    made = UsageAttribution.objects.get()
    assert (made.agent, made.team, made.starts_at, made.ends_at) == (agent, agent.user.team, at(19), now)
    assert made.reason


def test_nothing_is_attributed_where_no_call_says_otherwise(card, agent, load, now):  # noqa: F811
    issue(card, agent, now, at(19))
    assert not UsageAttribution.objects.exists()
    load(CALLS)
    assert charged() == {None: Decimal("0.10"), agent.pk: Decimal("0.60")}


def test_calls_since_a_return_recorded_late_are_nobodys(card, agent, load, now):  # noqa: F811
    """R13, R76: the assignment and the custody end when the card really came back."""
    hand_over(card, agent, at=at(18))
    load(CALLS)
    assert charged() == {agent.pk: Decimal("0.70")}
    returned = take_back(card_id=card.pk, actor=None, now=now, ended_at=at(19), note="left at the desk")
    assert (returned.ended_at, UsageAttribution.objects.get().reason) == (at(19), "left at the desk")
    assert charged() == {agent.pk: Decimal("0.10"), None: Decimal("0.60")}
    last = CardChange.objects.filter(card=card, axis="custody").latest("id")
    assert (last.to_state, last.at, last.recorded_at) == ("in_stock", at(19), now)


def test_an_undone_hand_out_gives_its_calls_to_who_really_held_the_card(card, agent, load, now):  # noqa: F811
    """R11, R13: undone, then handed to the right agent with the true start."""
    wrong = AgentFactory()
    mistake = hand_over(card, wrong, at=at(19))
    load(CALLS)
    undo_hand_out(assignment_id=mistake.pk, reason="the other card was meant", actor=None, now=now)
    assert charged() == {None: Decimal("0.70")}
    issue(card, agent, now, at(19))
    assert charged() == {None: Decimal("0.10"), agent.pk: Decimal("0.60")}
    assert UsageAttribution.objects.filter(withdrawn_at=None).get().agent == agent


def test_undoing_a_hand_out_recorded_late_takes_its_attribution_back(card, agent, load, now):  # noqa: F811
    load(CALLS)
    issued = issue(card, agent, now, at(19))
    undo_hand_out(assignment_id=issued.assignment.pk, reason="mistake", actor=None, now=now)
    assert charged() == {None: Decimal("0.70")}
    assert not UsageAttribution.objects.filter(withdrawn_at=None).exists()


def test_what_somebody_attributed_by_hand_stands(card, agent, load, now):  # noqa: F811
    load(CALLS)
    other = AgentFactory()
    UsageAttributionFactory(card=card, agent=other, starts_at=at(18), ends_at=at(20))
    with pytest.raises(AlreadyAttributed):
        issue(card, agent, now, at(19))
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("moment", "code"),
    [(at(21), "in_the_future"), (at(17), "before_hand_out")],
)
def test_a_return_lies_between_the_hand_out_and_now(card, agent, now, moment, code):
    hand_over(card, agent, at=at(18))
    with pytest.raises(ReturnNotUsable) as refused:
        take_back(card_id=card.pk, actor=None, now=now, ended_at=moment)
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert Assignment.objects.open().filter(card=card).exists()


def test_closed_months_stay(card, agent, now):
    closed = datetime(2026, 10, 31, 23, tzinfo=SHANGHAI)
    with pytest.raises(StartNotUsable):
        issue(card, agent, now, closed)
    hand_over(card, agent, at=datetime(2026, 10, 5, tzinfo=SHANGHAI))
    with pytest.raises(ReturnNotUsable) as refused:
        take_back(card_id=card.pk, actor=None, now=now, ended_at=closed)
    assert refused.value.reasons[0].code == "month_closed"


def test_the_api_takes_both_times(agent, card, now, time_machine):
    time_machine.move_to(now, tick=False)
    client = APIClient()
    client.force_authenticate(PersonFactory(role=Role.ADMIN))
    given = {"agent": agent.pk, "started_at": at(19).isoformat()}
    assert client.post(f"/api/v1/cards/{card.pk}/issue/", given, format="json").status_code == 200
    answer = client.post(f"/api/v1/cards/{card.pk}/return/", {"ended_at": at(20).isoformat()}, format="json")
    assert answer.status_code == 200, answer.json()
    held = Assignment.objects.get()
    assert (held.started_at, held.ended_at) == (at(19), at(20))
