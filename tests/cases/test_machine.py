"""People at one card through the real services, drawn by hypothesis: whatever they try, in whatever order, is either
refused or leaves no forbidden pair of states; and every case they leave open can be ended."""

from datetime import timedelta

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from agents.rules.gates import parse_gates
from agents.selectors.custody import custody_differences
from agents.services.assignments import return_card
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cards.choices import ChangeSource, CustodyState, ServiceState, StopReason
from cards.models import Card, Carrier
from cards.rules.custody import DEAD
from cards.rules.transitions import legal_targets
from lifecycle.choices import CaseOutcome, StepState
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import kind_of, kinds
from lifecycle.rules.cases.closing import FITTING, GIVEN_UP, is_beyond
from lifecycle.selectors.cases import holding
from lifecycle.selectors.cases.facts import card_now
from lifecycle.services.allocation import issue_card
from lifecycle.services.cases import (
    close_case,
    complete_step,
    confirm_step,
    open_case,
    reopen_step,
    skip_step,
    watch_cases,
)
from lifecycle.services.states import record_state
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, RegistrantFactory

PROOF = "回执.txt"
OFFICE = (Role.SUPERVISOR, Role.SUPERVISOR, Role.COMPLIANCE, Role.FINANCE)
OLD, NEW = "89860000000000123456", "89860070310112094338"
GATES = parse_gates({})
DRAWN = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Desk(RuleBasedStateMachine):
    """One card, its agent and the office. What is done is done by a person with their own rights, a moment later."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        team = TeamFactory()
        self.now, self.people = FRIDAY, [PersonFactory(role=role, scope=team) for role in OFFICE]
        self.agent = train(AgentFactory(user=PersonFactory(role=Role.AGENT, team=team)))
        facts = {"registrant": RegistrantFactory(), "real_name_state": "valid", "team": team}
        facts |= {"carrier": Carrier.objects.get(code="cmcc"), "msisdn": "+8613800001234", "iccid": OLD}
        self.card = CardFactory(**facts, activated_on=FRIDAY.date() - timedelta(days=300), service_since=FRIDAY)
        AccountFactory(carrier=self.card.carrier, cards=[self.card])

    def teardown(self) -> None:
        for case in Case.objects.open():
            self.end(case)
        self.undone.__exit__(RuntimeError, RuntimeError("rolled back"), None)

    def attempt(self, deed, **given):
        """Return what a deed returned a minute later, None where it was refused; anything else is a defect."""
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                return deed(now=self.now, **given)
        except Refusal:
            return None

    @initialize(held=st.booleans(), state=st.sampled_from([ServiceState.ACTIVE, *legal_targets(ServiceState.ACTIVE)]))
    def begin(self, held, state) -> None:
        if held:
            hand_over(self.card, self.agent, at=self.now, accepted_at=self.now)
        self.carrier(state, StopReason.ARREARS)

    @rule(kind=st.sampled_from(kinds()), place=st.integers(0, 30), who=st.sampled_from(range(len(OFFICE))))
    def open(self, kind, place, who) -> None:
        reason = kind.reason_values[place % len(kind.reason_values)] if kind.reason_values else ""
        self.attempt(open_case, card_id=self.card.pk, kind=kind.name, reason=reason, actor=self.people[who])

    @rule(data=st.data(), who=st.sampled_from(range(len(OFFICE))))
    def step(self, data, who) -> None:
        ahead = list(CaseStep.objects.filter(state=StepState.OPEN).select_related("case__card").order_by("pk"))
        if not ahead:
            return
        step = data.draw(st.sampled_from(ahead), label="step")
        self.do(step, self.people[who], lambda choices: data.draw(st.sampled_from(choices)))

    def do(self, step, person, draw):
        """Fill the form of a step by drawing, and record it where the form holds."""
        kind = kind_of(step.case.kind)
        blank = kind.act(step.code).form(step=step, person=person)
        entered = {name: self.value(name, field, draw) for name, field in blank.fields.items()}
        form = kind.act(step.code).form(entered, step=step, person=person)
        if not form.is_valid():
            return None
        proof = [ContentFile(b"proof\n", name=PROOF)]
        given = {"note": "客服工号 8021", "given": form.cleaned_data, "evidence": proof, "actor": person}
        return self.attempt(complete_step, step_id=step.pk, **given)

    def value(self, name, field, draw):
        if isinstance(field, forms.ModelChoiceField):
            return draw(["", *field.queryset.values_list("pk", flat=True)[:2]])
        if isinstance(field, forms.MultipleChoiceField):
            return draw([[], [str(value) for value, _label in field.choices]])
        if isinstance(field, forms.ChoiceField):
            return draw([str(value) for value, _label in field.choices] or [""])
        if isinstance(field, forms.BooleanField):
            return draw([True, True, False])
        if isinstance(field, forms.DateField):
            return str(business_day(self.now) + timedelta(days=draw([1, 90, 400])))
        if isinstance(field, forms.IntegerField | forms.DecimalField):
            return draw(["", "5", "60"])
        return {"iccid": NEW, "iccid_end": self.card.iccid[-6:]}.get(name, "GD-7")

    @rule(data=st.data(), who=st.sampled_from(range(len(OFFICE))))
    def confirm(self, data, who) -> None:
        if waiting := list(CaseStep.objects.filter(state=StepState.HALF_DONE).order_by("pk")):
            step = data.draw(st.sampled_from(waiting))
            self.attempt(confirm_step, step_id=step.pk, actor=self.people[who])

    @rule(data=st.data(), deed=st.sampled_from([skip_step, reopen_step]))
    def undo(self, data, deed) -> None:
        if standing := list(CaseStep.objects.standing().filter(case__closed_at=None).order_by("pk")):
            step = data.draw(st.sampled_from(standing))
            self.attempt(deed, step_id=step.pk, reason="看错了", actor=self.people[0])

    @rule(state=st.sampled_from(ServiceState), reason=st.sampled_from(StopReason))
    def carrier(self, state, reason) -> None:
        said = {"to": state, "reason": "" if state == ServiceState.ACTIVE else reason, "source": ChangeSource.PERSON}
        self.attempt(record_state, card_id=self.card.pk, at=self.now, actor=self.people[2], **said)

    @rule(hours=st.sampled_from([1, 30, 24 * 9]))
    def wait(self, hours) -> None:
        self.now += timedelta(hours=hours)
        watch_cases(now=self.now)

    @rule()
    def hand_out(self) -> None:
        held_back = holding([self.card.pk])
        issued = self.attempt(
            issue_card, card_id=self.card.pk, agent_id=self.agent.pk, actor=self.people[0], gates=GATES
        )
        assert not (issued and held_back)

    @rule()
    def take_back(self) -> None:
        self.attempt(return_card, card_id=self.card.pk, actor=self.people[0])

    @rule(data=st.data(), outcome=st.sampled_from(CaseOutcome), who=st.sampled_from(range(len(OFFICE))))
    def close(self, data, outcome, who) -> None:
        if standing := list(Case.objects.open().order_by("pk")):
            case = data.draw(st.sampled_from(standing))
            self.attempt(close_case, case_id=case.pk, outcome=outcome, actor=self.people[who])

    @invariant()
    def no_forbidden_pair(self) -> None:
        """Card and case fit each other, steps stand in their order, books and hands agree."""
        card = Card.objects.select_related("carrier", "contract", "registrant").get(pk=self.card.pk)
        assert card.custody_state != CustodyState.DESTROYED or card.service_state in DEAD
        assert list(custody_differences()) == []
        for case in Case.objects.prefetch_related("steps"):
            self.look(case, card)

    def look(self, case, card) -> None:
        steps = sorted(
            (step for step in case.steps.all() if step.state != StepState.VOID), key=lambda one: one.position
        )
        gates = [place for place, step in enumerate(steps) if step.is_gate and step.state != StepState.DONE]
        assert all(step.state != StepState.OPEN for step in steps[gates[0] + 1 :] if gates) if gates else True
        if case.is_open:
            clocks = [step.due_at for step in steps if step.state in ("open", "half_done") and step.due_at]
            assert case.due_at == min(clocks, default=None)
            return
        assert case.due_at is None
        terms = kind_of(case.kind).terms
        assert case.outcome in terms.outcomes
        if case.closed_at == self.now:
            fitting = terms.fits.get(case.outcome, FITTING.get(case.outcome))
            assert fitting is None or card.service_state in fitting
        if case.outcome not in GIVEN_UP | terms.early:
            assert not gates
        assert case.outcome not in GIVEN_UP or not self.is_final(case, steps) or is_beyond(card_now(card), terms)

    @staticmethod
    def is_final(case, steps) -> bool:
        """Whether something was done that cannot be undone."""
        irreversible = kind_of(case.kind).irreversible
        return any(step.code in irreversible and step.state == StepState.DONE for step in steps)

    def end(self, case) -> None:
        """An open case is withdrawn by compliance; where that is too late, its own end is open to it."""
        self.attempt(close_case, case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=self.people[2])
        case.refresh_from_db()
        steps = list(case.steps.standing())
        assert not case.is_open or self.is_final(case, steps), (case.kind, [(one.code, one.state) for one in steps])


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_no_sequence_of_deeds_reaches_a_forbidden_pair_and_every_case_can_be_ended() -> None:
    """R17, R46, R47, R91, R96: over every kind and its branches, with its real forms, acts, clocks and rights."""
    run_state_machine_as_test(Desk, settings=DRAWN)
