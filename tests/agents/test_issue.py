"""Handing out: gates, late records, rivals (R11, R23, R73; invariants 2, 3 and 6)."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from agents.choices import AgentStatus, AssignmentState
from agents.errors import HandoutRefused, HeldThen, StartNotUsable
from agents.models import Agent, Assignment
from agents.rules.gates import parse_gates
from agents.selectors.custody import custody_differences
from agents.services.assignments import ACCEPT_WITHIN, issue, open_months_from, return_card
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.errors import BadInput, NotVisible
from cards.choices import CustodyState, RealNameState, ServiceState
from cards.errors import ChangeRefused
from cards.models import Card, CardChange
from cards.services.custody import change_custody
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CourseFactory, PolicyVersionFactory, TrainingRecordFactory, hand_over
from tests.factories.cards import CardFactory, RegistrantFactory

STRICT = parse_gates({})


@pytest.fixture
def trained(db):
    """An agent with the required course."""
    return TrainingRecordFactory().agent


def test_a_card_goes_into_an_agents_hands(trained, now):
    """R11: a hand-out opens an assignment, moves the card with its team, and waits for acceptance."""
    before, actor = TeamFactory(), PersonFactory()
    card = CardFactory(team=before, custody_state=CustodyState.SPARE)

    issued = issue(
        card_id=card.pk, agent_id=trained.pk, actor=actor, now=now, gates=STRICT, due_back_on=date(2026, 12, 31)
    )

    card.refresh_from_db()
    assignment = issued.assignment
    assert issued.warnings == []
    assert assignment.state == AssignmentState.HANDED_OVER
    assert (assignment.started_at, assignment.accept_by) == (now, now + ACCEPT_WITHIN)
    assert (assignment.taken_from, assignment.taken_from_team) == (CustodyState.SPARE, before)
    assert (assignment.team, assignment.handed_by) == (trained.user.team, actor)
    assert (card.holder, card.team, card.custody_state) == (trained.user, trained.user.team, CustodyState.ISSUED)
    entry = Entry.objects.get(action="agents.card_issued")
    assert entry.subject == f"cards.card:{card.pk}"
    assert f"agents.agent:{trained.pk}" in entry.related
    assert list(custody_differences()) == []


def test_every_unmet_condition_is_named_with_what_clears_it_and_what_is_met(db, now):
    """R73: no valid training, no card; R23: no card without valid real-name registration; nothing is changed."""
    course = CourseFactory()
    PolicyVersionFactory()
    agent = AgentFactory(status=AgentStatus.ON_HOLD, hold_reason="two complaints")
    expired = RegistrantFactory(proof_valid_until=business_day(now) - timedelta(days=1))
    card = CardFactory(
        service_state=ServiceState.HALF_STOP,
        stop_reason="arrears",
        registrant=expired,
        actual_user=PersonFactory(),
        custody_state=CustodyState.FAULTY,
    )
    rows = CardChange.objects.count()

    with pytest.raises(HandoutRefused) as refusal:
        issue(
            card_id=card.pk,
            agent_id=agent.pk,
            actor=None,
            now=now,
            gates=STRICT,
            blocked_by=lambda _card: ["cap reached"],
        )

    assert [reason.code for reason in refusal.value.reasons] == [
        "not_in_service",
        "real_name_expired",
        "registered_to_other_user",
        "not_in_stock",
        "agent_on_hold",
        "training_missing",
        "policy_unsigned",
        "rule_blocks",
    ]
    assert course.title in str(refusal.value.reasons[5].message)
    assert all(str(reason.clears) for reason in refusal.value.reasons)
    assert refusal.value.context["met"] == []
    assert (Assignment.objects.count(), Entry.objects.count(), CardChange.objects.count()) == (0, 0, rows)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"real_name_state": RealNameState.PENDING}, "real_name_not_valid"),
        ({"custody_state": CustodyState.DESTROYED}, "not_in_stock"),
        ({"service_state": ServiceState.CANCELLED}, "not_in_service"),
    ],
)
def test_one_unmet_condition_is_enough(facts, code, trained, now):
    card = CardFactory(**facts)

    with pytest.raises(HandoutRefused) as refusal:
        issue(card_id=card.pk, agent_id=trained.pk, actor=None, now=now, gates=STRICT)

    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert len(refusal.value.context["met"]) == 7


def test_a_held_card_is_refused(trained, now):
    card = CardFactory()
    issue(card_id=card.pk, agent_id=trained.pk, actor=None, now=now, gates=STRICT)

    with pytest.raises(HandoutRefused) as refusal:
        issue(card_id=card.pk, agent_id=trained.pk, actor=None, now=now, gates=STRICT)

    assert [reason.code for reason in refusal.value.reasons] == ["held_already"]
    assert trained.user.name in str(refusal.value.reasons[0].message)


def test_a_lowered_gate_warns_until_its_day(db, now):
    """Issue 2, item 3: each gate is `block | warn until DATE`."""
    CourseFactory()
    agent = AgentFactory()
    lowered = parse_gates({"training": "warn until 2026-11-20"})

    issued = issue(card_id=CardFactory().pk, agent_id=agent.pk, actor=None, now=now, gates=lowered)
    assert [reason.code for reason in issued.warnings] == ["training_missing"]

    tomorrow = now + timedelta(days=1)
    with pytest.raises(HandoutRefused):
        issue(card_id=CardFactory().pk, agent_id=agent.pk, actor=None, now=tomorrow, gates=lowered)


def test_the_registered_user_may_hold_the_card(trained, now):
    card = CardFactory(actual_user=trained.user)

    assert issue(card_id=card.pk, agent_id=trained.pk, actor=None, now=now, gates=STRICT).warnings == []


@pytest.mark.parametrize(("missing", "refusal"), [("card", NotVisible), ("agent", BadInput)])
def test_what_does_not_exist_or_may_not_be_named_is_refused(missing, refusal, trained, now):
    card = CardFactory()
    ids = {"card_id": card.pk, "agent_id": trained.pk}
    of = {"card": Card, "agent": Agent}[missing]

    with pytest.raises(refusal):
        issue(**ids | {f"{missing}_id": 0}, actor=None, now=now, gates=STRICT)
    with pytest.raises(refusal):
        issue(**ids, actor=None, now=now, gates=STRICT, **{f"{missing}s": of.objects.none()})


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), datetime(2026, 11, 1, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 5, 23, 59, tzinfo=SHANGHAI), datetime(2026, 10, 1, tzinfo=SHANGHAI)),
        (datetime(2026, 11, 6, tzinfo=SHANGHAI), datetime(2026, 11, 1, tzinfo=SHANGHAI)),
        (datetime(2026, 1, 3, tzinfo=SHANGHAI), datetime(2025, 12, 1, tzinfo=SHANGHAI)),
    ],
)
def test_months_stay_open_until_the_fifth(now, since):
    assert open_months_from(now) == since


def test_a_late_record_counts_from_its_true_start(trained, now):
    """Invariant 6: a hand-out recorded late is entered with its true start while the month is open."""
    began = now - timedelta(days=6)
    card = CardFactory()

    issued = issue(card_id=card.pk, agent_id=trained.pk, actor=None, now=now, gates=STRICT, started_at=began)

    assert (issued.assignment.started_at, issued.assignment.recorded_at) == (began, now)
    assert Assignment.objects.at(began).get() == issued.assignment
    assert Card.objects.get(pk=card.pk).custody_since == began


@pytest.mark.parametrize(
    ("days", "code"), [(timedelta(days=-30), "month_closed"), (timedelta(minutes=1), "in_the_future")]
)
def test_a_start_in_a_closed_month_or_ahead_is_refused(days, code, trained, now):
    with pytest.raises(StartNotUsable) as refusal:
        issue(card_id=CardFactory().pk, agent_id=trained.pk, actor=None, now=now, gates=STRICT, started_at=now + days)
    assert refusal.value.reasons[0].code == code


def test_a_late_record_never_runs_into_somebody_elses_time(trained, now):
    earlier = hand_over(CardFactory(), AgentFactory(), at=now - timedelta(days=9))
    return_card(card_id=earlier.card_id, actor=None, now=now - timedelta(days=3))

    with pytest.raises(HeldThen):
        issue(
            card_id=earlier.card_id,
            agent_id=trained.pk,
            actor=None,
            now=now,
            gates=STRICT,
            started_at=now - timedelta(days=4),
        )

    assert list(Assignment.objects.all()) == [earlier]
    assert Card.objects.get(pk=earlier.card_id).holder is None


def test_custody_that_moved_since_is_not_rewritten(trained, now):
    card = CardFactory()
    yesterday = now - timedelta(days=1)
    change_custody(card=card, to=CustodyState.SPARE, holder=None, team=None, actor=None, now=now, at=yesterday)

    with pytest.raises(ChangeRefused):
        issue(
            card_id=card.pk,
            agent_id=trained.pk,
            actor=None,
            now=now,
            gates=STRICT,
            started_at=now - timedelta(days=2),
        )

    assert not Assignment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_rivals_one_gets_the_card(now):
    """Invariant 2: two supervisors hand out one card at the same moment; the database lets one of them."""
    course = CourseFactory()
    card = CardFactory()
    agents = [TrainingRecordFactory(course=course).agent for _ in range(2)]
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def hand_out(agent_id: int) -> None:
        try:
            barrier.wait(timeout=10)
            issue(card_id=card.pk, agent_id=agent_id, actor=None, now=now, gates=STRICT)
            outcomes.append("issued")
        except HandoutRefused as refusal:
            outcomes.append(refusal.reasons[0].code)
        finally:
            connection.close()

    rivals = [threading.Thread(target=hand_out, args=[agent.pk]) for agent in agents]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(timeout=30)

    assert sorted(outcomes) == ["held_already", "issued"]
    assert Assignment.objects.open().count() == 1
    assert list(custody_differences()) == []
