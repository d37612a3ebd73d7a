"""Cancellation through the services: every step, what each refuses, and the ways back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agents.services.assignments import return_card
from billing.services import ledger
from cardfleet.accounts.choices import Role
from cardfleet.kernel.errors import Refusal
from cards.choices import ServiceState
from cards.models import Card, CardChange
from lifecycle.choices import CaseKind, CaseOutcome, StepState
from lifecycle.errors import CaseRefused
from lifecycle.models import Case
from lifecycle.playbooks.cancellation_forms import BackupForm, PapersForm
from lifecycle.services.cases import close_case, complete_step, open_case
from lifecycle.services.freezes import follow_freezes
from lifecycle.services.states import record_state
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory, ContractFactory, PlanPriceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

INTENT = {"unbound": True, "not_forwarded": True, "may_be_lost": True}
PAPERS = ["身份证原件", "SIM 卡"]


@dataclass
class Run:
    """A cancellation being worked on."""

    case: Case
    desk: Any
    now: datetime

    def do(self, code: str, *, by: Any = None, note: str = "done", **given: Any) -> None:
        """Take a step."""
        step = self.case.steps.standing().get(code=code)
        complete_step(step_id=step.pk, note=note, given=given, actor=by or self.desk, now=self.now)

    def refusal(self, code: str, **given: Any) -> list[str]:
        """Return why a step is refused."""
        with pytest.raises(Refusal) as refused:
            self.do(code, **given)
        return [reason.code for reason in refused.value.reasons] or [refused.value.code]

    def until(self, code: str) -> None:
        """Take the usual steps before one."""
        for name in STEPS[: STEPS.index(code)]:
            self.do(name, **USUAL.get(name, {}))

    @property
    def card(self) -> Card:
        """The card as it is now."""
        return Card.objects.get(pk=self.case.card_id)


STEPS = ["intent", "backup", "settle", "lock", "papers", "submit", "confirmed", "check", "bill", "end"]
USUAL: dict[str, dict[str, Any]] = {
    "intent": INTENT,
    "backup": {"contents": "copied", "place": "safe 2"},
    "papers": {"channel": "outlet", "papers": PAPERS},
}


@pytest.fixture
def desk():
    return PersonFactory(role=Role.ADMIN)


@pytest.fixture
def card():
    """A card of a carrier that takes cancellations at its outlets, with CNY 50 and no contract."""
    carrier = CarrierFactory(papers_outlet=PAPERS, reopen_fee=50)
    price = PlanPriceFactory(plan__carrier=carrier, monthly_fee=Decimal(20))
    card = CardFactory(carrier=carrier, plan=price.plan)
    top_up(AccountFactory(carrier=carrier, cards=[card]), 50, card)
    return card


def top_up(account, amount, card):
    from_money = Decimal(amount)
    ledger.top_up(account=account, card=card, amount=from_money, actor=None, now=card.created_at)


@pytest.fixture
def run(card, desk, now):
    case = open_case(card_id=card.pk, kind=CaseKind.CANCELLATION, reason="unused", actor=desk, now=now)
    return Run(case, desk, now)


def test_from_intent_to_the_freeze(run, card, now):
    """R9, R91, R92, R93, R96, R104, R105, R106, R107: every step of a cancellation in its order, the card following."""
    run.until("submit")
    assert run.card.service_state == ServiceState.ACTIVE
    run.do("submit", reference="A-1", note="handed in")
    assert (run.card.service_state, run.card.stop_reason) == (ServiceState.CANCEL_PENDING, "unused")
    assert CardChange.objects.filter(card=card).first().source == "outlet"
    for code in ("confirmed", "check"):
        run.do(code)
    run.do("bill", charged=Decimal("12.50"), refunded=Decimal("17.50"))
    run.do("end")
    assert run.card.service_state == ServiceState.CANCELLED
    run.case.refresh_from_db()
    facts = run.case.facts
    assert (facts["balance"], facts["unbilled"], facts["refund"]) == ("50.00", "20.00", "30.00")
    assert (facts["freeze_ends"], facts["may_come_back"]) == ("2027-02-18", True)
    assert run.case.steps.get(code="backup").data == {"contents": "copied", "place": "safe 2"}
    close_case(case_id=run.case.pk, outcome=CaseOutcome.CANCELLED, actor=run.desk, now=now)
    child = Case.objects.get(kind=CaseKind.DESTRUCTION)
    assert (child.parent, child.card) == (run.case, card)
    card.paid_by.get().account.refresh_from_db()
    assert card.paid_by.get().account.balance == 20


@pytest.mark.parametrize(
    ("code", "given", "reasons"),
    [
        ("backup", {"contents": "copied", "place": "x"}, ["gate_open"]),
        ("settle", {}, ["gate_open"]),
        ("end", {}, ["gate_open"]),
    ],
)
def test_no_step_before_its_turn(run, code, given, reasons):
    """R96: contact, papers, submission, confirmation, in this order."""
    assert run.refusal(code, **given) == reasons


def test_customers_are_told_first(run, card):
    """R104, R116: a number on which customers rely goes only after they were told."""
    Card.objects.filter(pk=card.pk).update(is_customer_facing=True)
    assert run.refusal("intent", **INTENT) == ["customers_untold"]
    run.do("intent", **INTENT, customers_told="SMS of 2026-11-18", gives_up=True)


def test_a_backup_lies_somewhere(run):
    """R9: a copy has its place; who made it and when is the step's."""
    step = run.case.steps.get(code="backup")
    form = BackupForm({"contents": "copied"}, step=step, person=run.desk)
    assert form.errors.as_data()["place"][0].code == "place_missing"


def test_fees_are_settled_before_anything_is_submitted(run, card, now):
    """R91: what is owed is paid first; the payment is posted once."""
    account = card.paid_by.get().account
    ledger.charge(account=account, card=card, amount=Decimal(60), actor=None, now=now)
    run.until("settle")
    assert run.refusal("settle") == ["not_settled"]
    assert run.refusal("settle", paid=Decimal(5)) == ["not_settled"]
    run.do("settle", paid=Decimal(30), reference="bank 7")
    account.refresh_from_db()
    assert account.balance == 20


def test_the_contract_blocks_until_a_second_person_accepts(run, card, desk):
    """R103: within the term the case waits; the penalty is accepted by another than who asked."""
    contract = ContractFactory(
        carrier=card.carrier, ends_on=date(2027, 1, 19), penalty_fixed=5, penalty_share=Decimal("0.5")
    )
    Card.objects.filter(pk=card.pk).update(contract=contract)
    run.until("lock")
    assert run.refusal("lock") == ["locked_in"]
    assert run.refusal("lock", accepts_penalty=True) == ["penalty_needs_another"]
    run.do("lock", by=PersonFactory(role=Role.FINANCE), accepts_penalty=True)
    assert run.case.steps.get(code="lock").data["penalty"] == "25.00"


def test_the_carriers_ways_and_papers(run):
    """R89, R90, R97, R105: only ways the carrier offers, with every paper it asks for."""
    run.until("papers")
    form = PapersForm(step=run.case.steps.get(code="papers"), person=run.desk)
    assert [value for value, _label in form.fields["channel"].choices] == ["outlet"]
    assert run.refusal("papers", channel="hotline", papers=PAPERS) == ["channel_unfit"]
    assert run.refusal("papers", channel="outlet", papers=PAPERS[:1]) == ["papers_missing"]


def test_a_card_in_an_agents_hands_comes_back_first(run, card, now):
    """R104, R106: the refusal says how; once it is back the application goes."""
    hand_over(card, AgentFactory())
    run.until("submit")
    assert run.refusal("submit") == ["in_hands"]
    return_card(card_id=card.pk, actor=run.desk, now=now)
    run.do("submit")


@pytest.mark.parametrize("outcome", [CaseOutcome.WITHDRAWN, CaseOutcome.REFUSED])
@pytest.mark.parametrize("prior", ["active", "full_stop"])
def test_withdrawn_or_refused_the_card_is_what_it_was(card, desk, now, outcome, prior):
    """R106, R108: the way back, with the reason of the stop it had."""
    if prior != "active":
        record_state(card_id=card.pk, to=prior, reason="arrears", source="import", at=now, actor=None, now=now)
    case = open_case(card_id=card.pk, kind=CaseKind.CANCELLATION, reason="unused", actor=desk, now=now)
    run = Run(case, desk, now)
    run.until("confirmed")
    close_case(case_id=case.pk, outcome=outcome, actor=desk, now=now + timedelta(minutes=1))
    assert (run.card.service_state, run.card.stop_reason) == (prior, "" if prior == "active" else "arrears")


def test_after_the_end_there_is_no_way_back(run, now):
    """R107: an ended number is neither withdrawn nor refused."""
    for code in STEPS:
        run.do(code, **USUAL.get(code, {}))
    with pytest.raises(Refusal) as refused:
        close_case(case_id=run.case.pk, outcome=CaseOutcome.WITHDRAWN, actor=run.desk, now=now)
    assert "irreversible" in {reason.code for reason in refused.value.reasons}


@pytest.mark.parametrize(("state", "code"), [("cancelled", "ended_already"), ("pending", "never_activated")])
def test_what_is_ended_is_not_cancelled(desk, now, state, code):
    """R92: a dead card has nothing to cancel."""
    with pytest.raises(CaseRefused) as refused:
        open_case(
            card_id=CardFactory(service_state=state).pk,
            kind=CaseKind.CANCELLATION,
            reason="unused",
            actor=desk,
            now=now,
        )
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_the_carrier_ended_it_meanwhile(run, card, now):
    """R107: the carrier's own list may say so first; the case goes on to its end."""
    run.until("confirmed")
    record_state(card_id=card.pk, to="cancelled", reason="", source="import", at=now, actor=None, now=now)
    for code in ("confirmed", "check", "bill", "end"):
        if run.case.steps.standing().get(code=code).state != StepState.DONE:
            run.do(code)
    close_case(case_id=run.case.pk, outcome=CaseOutcome.CANCELLED, actor=run.desk, now=now)


def test_a_stolen_card_is_cancelled_without_its_plastic(card, desk, now):
    """R92, R93: what a thief has is neither taken back nor destroyed; the cancellation ends all the same."""
    hand_over(card, AgentFactory())
    case = open_case(card_id=card.pk, kind=CaseKind.CANCELLATION, reason="stolen", actor=desk, now=now)
    run = Run(case, desk, now)
    for code in STEPS:
        run.do(code, **USUAL.get(code, {}))
    close_case(case_id=case.pk, outcome=CaseOutcome.CANCELLED, actor=desk, now=now)
    assert not Case.objects.filter(kind=CaseKind.DESTRUCTION).exists()


def test_the_application_is_printed_with_the_papers_of_the_way(run, client):
    """R105: number, plan and papers of the way chosen; the ID number is written by hand."""
    run.until("submit")
    client.force_login(run.desk)
    page = client.get(f"/cases/{run.case.pk}/papers/application/").content.decode()
    assert all(paper in page for paper in PAPERS)
    assert run.card.msisdn.removeprefix("+86") in page.replace(" ", "")


def test_my_cards_warn_while_the_cancellation_is_under_way(card, client, now):
    """R106: the number works, the agent and the office are warned."""
    held = hand_over(card, AgentFactory(), accepted_at=now)
    Card.objects.filter(pk=card.pk).update(service_state=ServiceState.CANCEL_PENDING)
    client.force_login(held.agent.user)
    assert b"file-x" in client.get("/my/").content


def test_an_ended_number_is_frozen_and_then_released(now):
    """R92, R97, R108: from the moment it ended, for as long as the carrier's terms say; a second run writes nothing."""
    ended = CardFactory(service_state="cancelled", service_since=now - timedelta(days=90), carrier__freeze_days=91)
    today = now.date()
    assert follow_freezes(on=today, now=now) == {"frozen": 1, "released": 0}
    assert follow_freezes(on=today, now=now) == {"frozen": 0, "released": 0}
    ended.refresh_from_db()
    assert (ended.service_state, ended.service_since) == ("frozen", now - timedelta(days=90))
    tomorrow = now + timedelta(days=1)
    assert follow_freezes(on=tomorrow.date(), now=tomorrow) == {"frozen": 0, "released": 1}
