"""Losses and faults from the report to the end; what agents say of their cards."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agents.models import Assignment
from billing.models import LedgerEntry
from cardfleet.accounts.choices import Role
from cardfleet.kernel.errors import NotVisible
from cardfleet.notify.models import InboxItem
from cards.choices import CustodyState, ServiceState
from cards.models import Card, VoidedSim
from cards.services.secrets import set_secrets
from lifecycle.choices import CaseOutcome, StepState
from lifecycle.errors import CaseRefused, ClosingRefused, StepRefused
from lifecycle.models import CallQuality, Case
from lifecycle.selectors.quality import card_quality
from lifecycle.services.cases import close_case
from lifecycle.services.faults import report_fault
from lifecycle.services.losses import report_loss
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do, step_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW = "89860070310112094338"


@pytest.fixture
def held(reference):
    """A card in an agent's hands."""
    agent = AgentFactory(user=PersonFactory(role=Role.AGENT, team=TeamFactory()))
    return hand_over(CardFactory(), agent, at=FRIDAY - 3 * HOUR, accepted_at=FRIDAY).card


def lost(card, **given) -> Case:
    """Report a loss as its holder does."""
    return report_loss(card_id=card.pk, cards=Card.objects.all(), actor=card.holder, now=FRIDAY, **given)


def stopped(case, **given):
    """Do the first two steps of a loss."""
    do(case, "stop", given={"ticket": "T-1"}, now=FRIDAY + HOUR, **given)
    do(case, "plan", given={"lost": ["phone"], "measures": []}, now=FRIDAY + HOUR)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_loss_is_stopped_and_goes_on_under_a_new_sim(held):
    """R50, R52, R75: time to report, the carrier's stop, the plan, the same number on a new SIM to be signed for."""
    set_secrets(card_id=held.pk, secrets={"pin1": "4711"}, actor=None, now=FRIDAY)
    number, old = held.msisdn, held.iccid
    case = lost(held, noticed_at=FRIDAY - 2 * HOUR, lost=["phone"])
    held.refresh_from_db()
    assert (held.custody_state, held.holder_id) == (CustodyState.MISSING, case.opened_by_id)
    assert (case.facts["minutes_to_report"], step_of(case, "stop").due_at) == (120, FRIDAY + HOUR)
    do(case, "stop", given={"ticket": "T-1"}, now=FRIDAY + HOUR)
    held.refresh_from_db()
    assert (held.service_state, held.stop_reason) == (ServiceState.LOST_STOP, "lost")
    held.secret.refresh_from_db()
    assert held.secret.pin1 == ""
    with pytest.raises(StepRefused) as refused:
        do(case, "plan", given={"lost": ["phone"], "measures": ["calls"]}, note="", now=FRIDAY + HOUR)
    assert codes(refused) == ["measure_missing"]
    do(case, "plan", given={"lost": ["phone"], "measures": ["calls", "codes", "unbind", "lock"]}, now=FRIDAY + HOUR)
    do(case, "way", given={"way": "reissue"}, now=FRIDAY + HOUR)
    assert step_of(case, "found").state == StepState.SKIPPED
    do(case, "reissue", given={"iccid": NEW, "imsi": "", "cost": 10, "paid_from": "beside"}, now=FRIDAY + HOUR)
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.REPLACED, actor=None, now=FRIDAY + HOUR)
    assert codes(refused) == ["gate_open"]
    do(case, "test", now=FRIDAY + HOUR)
    ended = close_case(case_id=case.pk, outcome=CaseOutcome.REPLACED, actor=None, now=FRIDAY + HOUR)
    held.refresh_from_db()
    assert (held.iccid, held.msisdn, held.service_state, held.custody_state) == (NEW, number, "active", "issued")
    assert VoidedSim.objects.get(card=held).iccid == old
    assert (ended.facts["minutes_to_stop"], ended.facts["cost"]) == (60, "10")
    assert NEW not in str(ended.facts)
    assert {entry.kind: entry.amount for entry in LedgerEntry.objects.all()} == {"top_up": 10, "other_charge": -10}
    signed, new = Assignment.objects.filter(card=held).order_by("pk")
    assert (signed.ended_at, signed.accepted_at) == (new.started_at, FRIDAY)
    assert (new.agent, new.origin, new.accepted_at, new.handover.accepted_at) == (signed.agent, "new_sim", None, None)
    assert InboxItem.objects.filter(user=held.holder, code="agents.handed_over").count() == 1


def test_a_found_card_is_with_its_holder_again(held):
    """R52: a loss may end by the card being found; a new SIM is not issued on that way."""
    case = lost(held)
    stopped(case)
    do(case, "way", given={"way": "found"}, now=FRIDAY + HOUR)
    with pytest.raises(StepRefused) as refused:
        do(case, "reissue", given={"iccid": NEW, "imsi": "", "cost": None}, now=FRIDAY + HOUR)
    assert "step_not_open" in codes(refused)
    do(case, "found", given={"condition": "worn"}, note="in a taxi, scratched", now=FRIDAY + HOUR)
    do(case, "test", now=FRIDAY + HOUR)
    close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, actor=None, now=FRIDAY + HOUR)
    held.refresh_from_db()
    assert (held.service_state, held.custody_state, held.condition) == ("active", "issued", "worn")
    assert Assignment.objects.get(card=held).accepted_at == FRIDAY  # the plastic that was signed for


def test_a_penalty_is_in_force_again_after_a_loss():
    """R35, R52: losing a card stopped as a penalty does not bring it back into service."""
    card = CardFactory(service_state="forced_stop", stop_reason="complaint")
    case = CaseFactory(card=card, kind="loss", reason="lost")
    stopped(case)
    do(case, "way", given={"way": "reissue"}, now=FRIDAY + HOUR)
    do(case, "reissue", given={"iccid": NEW, "imsi": "", "cost": None}, now=FRIDAY + HOUR)
    card.refresh_from_db()
    assert (card.service_state, card.stop_reason, card.custody_state) == ("forced_stop", "complaint", "in_stock")


@pytest.mark.parametrize(("area", "hours", "late"), [("city", 48, False), ("rural", 72, True)])
def test_a_fault_runs_by_the_laws_clock(area, hours, late):
    """R32, R39, R78: ticket, 48 or 72 hours from it, cause, new SIM where needed, the test call rated."""
    card = CardFactory(service_state="full_stop", stop_reason="card_fault")
    case = report_fault(
        card_id=card.pk, cards=Card.objects.all(), fault="no_signal", area=area, actor=PersonFactory(), now=FRIDAY
    )
    do(case, "diagnose", given={"fault": "unreadable", "area": area})
    told = FRIDAY + HOUR
    do(case, "ticket", given={"ticket": "T-2", "new_sim": True}, done_at=told, now=told + HOUR)
    assert step_of(case, "repair").due_at == told + hours * HOUR
    swap = {"iccid": NEW, "imsi": "", "cost": None, "why": "damaged", "in_hand": True}
    do(case, "swap", given=swap, now=told + HOUR)
    mended = told + hours * HOUR + (timedelta(minutes=1) if late else timedelta())
    do(case, "repair", given={"cause": "card_fault"}, now=mended)
    with pytest.raises(StepRefused) as refused:
        do(case, "test", given={"score": 2, "cause": ""}, now=mended)
    assert codes(refused) == ["cause_missing"]
    do(case, "test", given={"score": 3, "cause": "noise"}, now=mended)
    ended = close_case(case_id=case.pk, outcome=CaseOutcome.REPLACED, actor=None, now=mended)
    card.refresh_from_db()
    assert (card.iccid, card.service_state, ended.cause, ended.facts["in_law"]) == (
        NEW,
        "active",
        "card_fault",
        not late,
    )
    assert VoidedSim.objects.get(card=card).in_hand
    assert card_quality(card.pk).mean == 3


def test_agents_report_their_own_cards_only(client, held):
    """R32, R52, R78: loss in one press, fault and quality from My cards; another's card is as if it were not."""
    chief = PersonFactory(role=Role.SUPERVISOR, scope=held.team)
    client.force_login(held.holder)
    other = CardFactory()
    for name in ("my-loss", "my-fault", "my-stopped", "my-quality"):
        assert client.post(reverse(f"lifecycle:{name}", args=[other.pk])).status_code == 404
    assert client.post(reverse("lifecycle:my-quality", args=[held.pk]), {"score": 2}).status_code == 422
    assert (
        client.post(reverse("lifecycle:my-quality", args=[held.pk]), {"score": 2, "cause": "noise"}).status_code == 302
    )
    assert CallQuality.objects.get().by == held.holder
    fault = {"fault": "no_calls_out", "area": "city", "note": "since noon"}
    assert client.post(reverse("lifecycle:my-fault", args=[held.pk]), fault).status_code == 302
    held.refresh_from_db()
    assert (held.custody_state, held.holder is not None) == (CustodyState.FAULTY, True)
    assert client.post(reverse("lifecycle:my-loss", args=[held.pk])).status_code == 302
    assert client.post(reverse("lifecycle:my-loss", args=[held.pk])).status_code == 409
    page = client.get(reverse("lifecycle:my"))
    assert [row.case.kind for row in page.context["reports"]] == ["loss", "fault"]
    assert {case.source for case in Case.objects.all()} == {"agent"}
    assert (
        sorted(InboxItem.objects.filter(user=chief).values_list("code", flat=True)) == ["lifecycle.case_reported"] * 2
    )
    with pytest.raises(NotVisible):
        report_loss(card_id=other.pk, cards=Card.objects.filter(holder=held.holder), actor=held.holder, now=FRIDAY)


def test_a_faulty_card_is_out_of_use_until_its_fault_is_closed(held):
    """R32: at once, and back in its holder's use when it is mended or nothing was wrong."""
    fault = {"fault": "no_signal", "actor": held.holder, "now": FRIDAY}
    case = report_fault(card_id=held.pk, cards=Card.objects.all(), **fault)
    held.refresh_from_db()
    assert held.custody_state == CustodyState.FAULTY
    close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, note="it was off", actor=held.holder, now=FRIDAY + HOUR)
    held.refresh_from_db()
    assert (held.custody_state, held.holder) == (CustodyState.ISSUED, fault["actor"])


def test_what_cannot_be_reported():
    """R52: nothing is stopped any more once the number has ended; a loss is not noticed in the future."""
    card = CardFactory(service_state="cancelled")
    with pytest.raises(CaseRefused) as refused:
        CaseFactory(card=card, kind="loss", reason="lost")
    assert codes(refused) == ["number_ended"]
    with pytest.raises(StepRefused) as refused:
        lost(CardFactory(), noticed_at=FRIDAY + HOUR)
    assert codes(refused) == ["in_the_future"]
