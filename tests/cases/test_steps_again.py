"""Steps of stopped cards that are done for several people, or done again: trainings and payments (R45, R46, R73)."""

from decimal import Decimal

import pytest

from agents.models import TrainingRecord
from billing.models import LedgerEntry
from cardfleet.accounts.choices import Role
from lifecycle.choices import CaseKind
from lifecycle.forms.cases import act_form
from lifecycle.services.cases import attach_proof, reopen_step
from tests.cases.test_suspension import NOW, asked, entered, proof, rectified, violation
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do, step_of

__all__ = ["violation"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_one_training_step_records_every_agent_who_was_trained(violation):
    """R46, R73: the holder is chosen, others of the team may be added; a record each, what is on record stays."""
    holder, mate = violation.card.assignments.get().agent, AgentFactory(user__team=violation.card.team)
    AgentFactory()
    boss = PersonFactory(role=Role.SUPERVISOR, scope=violation.card.team)
    form = act_form(step_of(violation, "training"), person=boss)
    offered = form.fields["agents"]
    assert (set(offered.queryset), list(offered.initial)) == ({holder, mate}, [holder.pk])
    rectified(violation, beside=[mate])
    assert set(TrainingRecord.objects.values_list("agent", flat=True)) == {holder.pk, mate.pk}
    wrong = step_of(violation, "training")
    reopen_step(step_id=wrong.pk, reason="one was missing", actor=None, now=NOW)
    third = AgentFactory(user__team=violation.card.team)
    course = TrainingRecord.objects.filter(agent=mate).get().course
    again = {"agents": [holder, mate, third], "course": course, "passed_on": NOW.date()}
    do(violation, "training", given=again)
    assert TrainingRecord.objects.count() == 3


def test_a_payment_put_right_is_taken_back_and_posted_anew():
    """R45: what the wrong step had posted is reversed, so the account has the amount once."""
    card = CardFactory(service_state="half_stop", stop_reason="arrears")
    case = CaseFactory(card=card, kind=CaseKind.SUSPENSION, reason="arrears")
    for code in ("contact", "cause"):
        do(case, code, **asked("arrears")[code])
    do(case, "pay", **entered()["pay"])
    reopen_step(step_id=step_of(case, "pay").pk, reason="wrong amount", actor=None, now=NOW)
    do(case, "pay", **proof(), given={"amount": Decimal(80)})
    assert card.paid_by.get().account.balance == Decimal(80)
    assert list(LedgerEntry.objects.order_by("pk").values_list("amount", flat=True)) == [50, -50, 80]


def test_a_proof_attached_before_the_step_is_done_counts():
    """R45, R91: whoever has the receipt first attaches it; the step is done without it being sent again."""
    card = CardFactory(service_state="half_stop", stop_reason="arrears")
    case = CaseFactory(card=card, kind=CaseKind.SUSPENSION, reason="arrears")
    for code in ("contact", "cause"):
        do(case, code, **asked("arrears")[code])
    step = step_of(case, "pay")
    attach_proof(case_id=case.pk, evidence=proof()["evidence"], step_id=step.pk, actor=None, now=NOW)
    assert do(case, "pay", **{**entered()["pay"], "evidence": []}).state == "done"
    assert step.documents.count() == 1
