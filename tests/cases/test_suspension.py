"""Stopped cards brought back by their playbooks, through the services (R34-R39, R41, R44-R47, R53, R54)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from agents.models import TrainingRecord
from agents.selectors.callees import hash_of
from billing.models import LedgerEntry
from billing.services.feed import take_calls
from cardfleet.accounts.choices import Role
from cards.choices import ServiceState, StopReason
from cards.models import CardChange
from cards.services.states import change_service_state
from lifecycle.choices import AlertKind, CaseKind, CaseOutcome, CustomerChannel, EscalationLevel, StepState
from lifecycle.errors import CaseRefused, ClosingRefused, StepNotYours, StepRefused
from lifecycle.models import Alert, Case, Reverification
from lifecycle.selectors.cases import holding
from lifecycle.selectors.cases.letter import commitment, contingency_plan
from lifecycle.selectors.experience import past_stops
from lifecycle.selectors.scorecard import scorecard
from lifecycle.services.cases import close_case, complete_step, escalate
from lifecycle.services.cases.found_stops import report_stop
from lifecycle.services.cases.verifying import verified
from lifecycle.services.cases.watching import watch_cases
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CalleeListingFactory, CourseFactory, hand_over
from tests.factories.cards import CardFactory, CarrierFactory
from tests.factories.cases import CaseFactory, do, do_all, step_of
from tests.factories.lifecycle import ReverificationFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW = FRIDAY
HOUR = timedelta(hours=1)


def proof():
    return {"evidence": [ContentFile(b"proof\n", name="proof.txt")]}


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def stopped(state: str, reason: str, *, at=NOW - 2 * HOUR, **facts):
    card = CardFactory(**facts)
    change_service_state(card_id=card.pk, to=state, reason=reason, source="carrier_call", at=at, actor=None, now=NOW)
    card.refresh_from_db()
    return card


def asked(cause: str) -> dict:
    return {
        "contact": {"note": "asked why", "given": {"channel": "hotline", "whom": "8021", "ticket": "T-1"}},
        "cause": {"given": {"cause": cause, "ticket": "T-1"}, **proof()},
    }


def entered() -> dict:
    return {
        "pay": {"given": {"amount": Decimal(50), "reference": "A1"}, **proof()},
        "mend": proof(),
        "test_call": {"given": {"connected": True}},
    }


def call_three(card, *, at) -> list[str]:
    """Let a card call three people, and return the hashes of their numbers."""
    numbers = [f"1390000000{last}" for last in range(3)]
    rows = [
        {
            "msisdn": card.msisdn, "started_at": (at + timedelta(minutes=place)).isoformat(), "direction": "out",
            "counterpart": number, "duration_s": 30,
        }
        for place, number in enumerate(numbers)
    ]  # fmt: skip
    take_calls(slug="dialler", body=rows, actor=PersonFactory(), now=NOW)
    return [hash_of(f"+86{number}") for number in numbers]


@pytest.mark.parametrize(
    ("state", "reason", "cause"),
    [
        ("half_stop", "arrears", "arrears"),
        ("full_stop", "high_fee", "high_fee"),
        ("reverify_stop", "reverification", "reverification"),
        ("full_stop", "maintenance", "maintenance"),
        ("full_stop", "card_fault", "card_fault"),
        ("full_stop", "expired", "expired"),
        ("lost_stop", "lost", "lost"),
        ("full_stop", "other", "arrears"),
    ],
)
def test_each_playbook_brings_the_card_back(state, reason, cause):
    """R18, R34, R36, R38, R39, R44, R45: contact, cause, what the reason asks for, the carrier's word, a test call."""
    card = stopped(state, reason)
    case = CaseFactory(card=card, kind=CaseKind.SUSPENSION, reason=reason)
    for code in ("contact", "cause"):
        do(case, code, **asked(cause)[code])
    do_all(case, **entered())
    card.refresh_from_db()
    assert card.service_state == ServiceState.ACTIVE
    closed = close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, actor=None, now=NOW)
    assert (closed.cause, closed.facts["minutes"]) == (cause, 120)
    contact = closed.contacts.get()
    assert (contact.person, contact.said, contact.level) == ("8021", "asked why", EscalationLevel.SUPPORT)


@pytest.fixture
def violation():
    """A card stopped for a violation in an agent's hands, and its case; the agent has made calls before."""
    agent = AgentFactory()
    card = CardFactory(team=agent.user.team)
    hand_over(card, agent, at=NOW - timedelta(days=9))
    for before in (1, 2):
        day = (NOW - timedelta(days=before)).date()
        UsageDailyFactory(card=card, day=day, calls=90 * before, most_in_60=40, under_10=9)
    change_service_state(
        card_id=card.pk, to="forced_stop", reason="violation", source="carrier_sms", at=NOW - HOUR, actor=None, now=NOW
    )
    return CaseFactory(card=card, kind=CaseKind.SUSPENSION, reason="violation")


def rectified(case, *, actor=None, beside=()):
    """Do everything up to the carrier's reply."""
    course = CourseFactory()
    agents = [case.card.assignments.get().agent, *beside]
    given = {
        **asked("violation"),
        "rectify": {"given": {"measures": "Fewer calls\nConsent first", "calls_a_day": 80, "ready_on": NOW.date()}},
        "training": {"given": {"agents": agents, "course": course, "passed_on": NOW.date()}},
        "apply": {"given": {"channel": "outlet", "ticket": "T-2"}, **proof()},
        "reply": proof(),
    }
    for code, entered in given.items():
        do(case, code, actor=actor, **entered)


def test_a_violation_is_put_right_trained_promised_and_released(violation):
    """R35, R46, R73: no way back into use but through measures, training, the letter, and compliance."""
    case = violation
    supervisor = PersonFactory(role=Role.SUPERVISOR)
    assert holding([case.card_id]) == {case.card_id: case.pk}
    rectified(case)
    assert TrainingRecord.objects.get().agent == case.card.assignments.get().agent
    with pytest.raises(StepNotYours):
        do(case, "release", actor=supervisor)
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, actor=supervisor, now=NOW)
    assert codes(refused) == {"gate_open", "card_state_unfit"}
    do(case, "release", actor=PersonFactory(role=Role.COMPLIANCE))
    assert holding([case.card_id]) == {}
    do_all(case, **entered())
    closed = close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, actor=supervisor, now=NOW)
    last = CardChange.objects.filter(card=case.card_id).order_by("-id")[0]
    assert (last.to_state, last.source) == (ServiceState.ACTIVE, "outlet")
    assert (closed.facts["idle_agents"], closed.facts["minutes"]) == (1, 60)


def test_no_card_takes_over_to_dodge_a_penalty(violation):
    """R47, R55: another card is refused until compliance has released; arrears allow it, and the case ends so."""
    spare = CardFactory()
    for code in ("contact", "cause"):
        do(violation, code, **asked("violation")[code])
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=violation.pk, outcome=CaseOutcome.REPLACED, actor=None, now=NOW)
    assert "gate_open" in codes(refused)
    owing = CaseFactory(card=stopped("full_stop", "arrears"), kind=CaseKind.SUSPENSION, reason="arrears")
    for code in ("contact", "cause"):
        do(owing, code, **asked("arrears")[code])
    do(owing, "replace", given={"card": spare})
    assert (
        close_case(case_id=owing.pk, outcome=CaseOutcome.REPLACED, actor=None, now=NOW).facts["replaced_by"] == spare.pk
    )
    with pytest.raises(StepRefused) as refused:
        complete_step(step_id=step_of(violation, "replace").pk, note="x", given={"card": spare}, actor=None, now=NOW)
    assert "replacement_dodges" in codes(refused)


def test_a_penalty_turns_harmless_by_letter_only_and_the_case_goes_on_by_the_right_playbook(violation):
    """R44: the carrier's cause decides the steps ahead, and stands in the history of the card."""
    do(violation, "contact", **asked("x")["contact"])
    with pytest.raises(StepRefused) as refused:
        do(violation, "cause", given={"cause": "maintenance"})
    assert codes(refused) == {"cause_needs_proof"}
    do(violation, "cause", given={"cause": "maintenance"}, **proof())
    ahead = violation.steps.standing().exclude(state=StepState.DONE).order_by("position")
    assert [step.code for step in ahead] == ["contingency", "replace", "resume", "test_call"]
    assert violation.steps.filter(state=StepState.VOID).exists()


def test_the_cause_a_carrier_confirms_is_what_history_and_scorecard_read():
    """R43, R44: recorded as unknown, confirmed as a fault: the scorecard counts a fault, experience the cause."""
    supervisor = PersonFactory(role=Role.ADMIN)
    card = stopped("full_stop", "other", at=NOW - 26 * HOUR)
    case = CaseFactory(card=card, kind=CaseKind.SUSPENSION, reason="other", now=NOW - 25 * HOUR)
    (score,) = scorecard(NOW.date(), user=supervisor, now=NOW)
    assert (score.faulty, score.answer_hours) == (0, None)
    for code in ("contact", "cause"):
        do(case, code, **asked("card_fault")[code])
    (score,) = scorecard(NOW.date(), user=supervisor, now=NOW + HOUR)
    assert (score.faulty, score.answer_hours) == (1, Decimal("25.0"))
    assert [stop.reason for stop in past_stops(NOW.date())] == [StopReason.CARD_FAULT]
    card.refresh_from_db()
    assert card.stop_reason == StopReason.CARD_FAULT


def test_a_paid_card_is_due_by_its_carriers_terms():
    """R45: posted once, with its proof; due when the carrier must have restored the card; late it is one alert."""
    card = stopped("half_stop", "arrears", carrier=CarrierFactory(restore_hours=24))
    case = CaseFactory(card=card, kind=CaseKind.SUSPENSION, reason="arrears")
    for code in ("contact", "cause"):
        do(case, code, **asked("arrears")[code])
    with pytest.raises(StepRefused) as refused:
        do(case, "pay", given={"amount": Decimal(50)})
    assert codes(refused) == {"evidence_missing"}
    do(case, "pay", **entered()["pay"])
    assert LedgerEntry.objects.get().amount == Decimal(50)
    assert step_of(case, "resume").due_at == NOW + timedelta(hours=24)
    late = NOW + timedelta(hours=25)
    watch_cases(now=late)
    watch_cases(now=late)
    alert = Alert.objects.get(card=card, kind=AlertKind.CASE)
    assert alert.due_at == NOW + timedelta(hours=24)
    change_service_state(card_id=card.pk, to="active", source="carrier_sms", at=late, actor=None, now=late)
    watch_cases(now=late)
    assert step_of(case, "resume").state == StepState.DONE
    alert.refresh_from_db()
    assert alert.closed_at


def test_a_case_of_a_penalty_cannot_be_opened_as_arrears(violation):
    """R35: the card's history says what it was stopped for."""
    close_case(case_id=violation.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=NOW)
    with pytest.raises(CaseRefused) as refused:
        CaseFactory(card=violation.card, kind=CaseKind.SUSPENSION, reason="arrears")
    assert codes(refused) == {"reason_softer"}


def test_customers_are_counted_by_consent_and_reached_where_they_agreed(violation):
    """R53: of three people called one agreed and one refused; a plan without their consent is refused."""
    numbers = call_three(violation.card, at=NOW - 5 * HOUR)
    CalleeListingFactory(number_hash=numbers[0], kind="consent")
    CalleeListingFactory(number_hash=numbers[1])
    for code in ("contact", "cause"):
        do(violation, code, **asked("violation")[code])
    plan = {"channels": [CustomerChannel.WECHAT], "until": NOW.date()}
    with pytest.raises(StepRefused) as refused:
        do(violation, "contingency", given={**plan, "basis": ""})
    assert codes(refused) == {"consent_basis_missing"}
    do(violation, "contingency", given={**plan, "basis": "CRM 2026-10"})
    told = contingency_plan(violation, now=FRIDAY)
    assert (told["base"].agreed, told["base"].refused, told["base"].silent) == (1, 1, 1)
    assert (told["basis"], told["until"]) == ("CRM 2026-10", NOW.date())


def test_the_letter_says_how_the_number_was_used_and_what_is_changed(violation):
    """R46: calls before the stop and since, measures line by line, training, limits; nothing of a callee."""
    rectified(violation)
    told = commitment(violation, now=NOW)
    before, since = told["before"], told["since"]
    assert (before.calls, before.days, before.a_day, before.most_a_day, before.most_in_hour) == (270, 2, 135, 180, 40)
    assert (since.calls, told["measures"], told["calls_a_day"]) == (0, ["Fewer calls", "Consent first"], 80)
    assert [one.agent for one in told["trainings"]] == [violation.card.assignments.get().agent]
    assert ("daily_out_calls", 200, 160) in told["caps"]


def test_an_agents_report_is_a_case_once():
    """R34, R54: the report often precedes the carrier's state; said again it is a comment; then others are asked."""
    agent = AgentFactory()
    card = CardFactory(team=agent.user.team)
    hand_over(card, agent)
    case = report_stop(card_id=card.pk, said="cannot call out", actor=agent.user, now=NOW)
    again = report_stop(card_id=card.pk, said="still not", actor=agent.user, now=NOW)
    assert (case.source, case.reason, again.pk) == ("agent", "unknown", case.pk)
    assert case.comments.get().text == "still not"
    escalate(case_id=case.pk, level=EscalationLevel.TECHNICAL, reason="no answer", actor=None, now=NOW)
    assert Case.objects.get().level == EscalationLevel.TECHNICAL


def test_a_reverification_case_goes_by_the_carriers_clock():
    """R79: 24 hours from the notice; verified on the register's page, the step is done and the clock stands."""
    running = ReverificationFactory()
    case = CaseFactory(card=running.card, kind=CaseKind.REVERIFICATION, reason="reverification")
    do(case, "summon")
    assert step_of(case, "verify").due_at == running.due_at
    assert holding([case.card_id])
    verified(reverification_id=running.pk, actor=None, now=NOW)
    assert step_of(case, "verify").state == StepState.DONE
    do_all(case, **entered())
    assert close_case(case_id=case.pk, outcome=CaseOutcome.KEPT, actor=None, now=NOW).outcome == "kept"
    fresh = CaseFactory(card=CardFactory(team=TeamFactory()), kind=CaseKind.REVERIFICATION, reason="real_name")
    clock = Reverification.objects.get(card=fresh.card)
    assert clock.due_at == NOW + timedelta(hours=24)
    do_all(fresh, **entered())
    clock.refresh_from_db()
    assert clock.done_at == NOW
