"""Renewal, idleness, transfer, change of user, porting out and appeals, each from its opening to its end."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from agents.choices import ListingKind
from agents.rules.callees import Entry as Said
from agents.services.callees import list_number
from billing.choices import EntryKind
from billing.models import LedgerEntry, UsageBatch, UsageRecord
from billing.services.ledger import post
from billing.services.partitions import ensure_days
from cardfleet.kernel.clock import business_day
from cards.choices import CarrierKind, CustodyState, RealNameState, RegistrantKind, ServiceState, StopReason
from cards.models import CardChange
from lifecycle.choices import (
    CaseKind,
    CaseOutcome,
    CaseReason,
    IdleDecision,
    RenewalDecision,
    TransferTo,
)
from lifecycle.errors import CaseRefused, ClosingRefused, StepRefused
from lifecycle.models import NumberMark
from lifecycle.playbooks.registry import kind_of
from lifecycle.services.cases import close_case
from lifecycle.services.cases.renewing import Renewal, decide_renewal
from tests.conftest import FRIDAY
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, UsageSourceFactory
from tests.factories.cards import CardFactory, PlanPriceFactory, RegistrantFactory
from tests.factories.cases import CaseFactory, do, do_all, step_of
from tests.factories.lifecycle import ComplaintFactory, NumberMarkFactory, UsageDailyFactory

pytestmark = pytest.mark.django_db

NOW = FRIDAY
TODAY = date(2026, 11, 20)


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def proof() -> list[ContentFile]:
    return [ContentFile(b"receipt\n", name="receipt.txt")]


def call(card, at, counterpart: str, *, seconds: int = 60) -> None:
    """Store an outgoing call; one of no seconds was not answered."""
    ensure_days([business_day(at)])
    source = UsageSourceFactory()
    UsageRecord.objects.create(
        card=card, started_at=at, uid=uuid4(), source=source, msisdn=card.msisdn, direction="out", fee=0,
        batch=UsageBatch.objects.create(source=source, created_at=NOW), counterpart=counterpart,
        duration_s=seconds, answered=seconds > 0,
    )  # fmt: skip


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def ported_to(**more):
    """A person's card of a base carrier, in order, with nothing owed and nothing unknown."""
    least = {
        "registrant": RegistrantFactory(kind=RegistrantKind.PERSON),
        "activated_on": date(2026, 1, 1),
        "real_name_state": RealNameState.VALID,
    }
    card = CardFactory(**(least | more))
    account = AccountFactory(carrier=card.carrier, cards=[card])
    post(account=account, kind=EntryKind.OPENING, amount=Decimal(20), actor=None, now=NOW)
    return card


def renewal():
    price = PlanPriceFactory(monthly_fee=Decimal(29))
    card = CardFactory(plan=price.plan, carrier=price.plan.carrier, expires_on=in_days(20))
    given = {
        "decide": {"given": {"decision": RenewalDecision.RENEW, "months": 12}},
        "renewed": {
            "given": {"expires_on": date(2027, 12, 10), "paid": Decimal(348), "channel": "outlet"},
            "evidence": proof(),
        },
    }
    return card, StopReason.EXPIRED, given, lambda: card.expires_on == date(2027, 12, 10)


def idle():
    card = CardFactory()
    call(card, NOW + timedelta(hours=1), "+8613900000001")
    return card, StopReason.IDLE, {"decide": {"given": {"decision": IdleDecision.USE}}}, lambda: True


def into_our_name():
    company = RegistrantFactory(kind=RegistrantKind.COMPANY)
    card = ported_to()
    given = {
        "receiver": {"given": {"to": TransferTo.COMPANY, "registrant": company, "receiver": None}},
        "confirmed": {"evidence": proof()},
    }
    return card, StopReason.REAL_NAME, given, lambda: card.registrant == company


def to_a_colleague():
    card = ported_to()
    given = {
        "receiver": {"given": {"to": TransferTo.STAFF, "registrant": None, "receiver": AgentFactory()}},
        "confirmed": {"evidence": proof()},
    }
    return card, StopReason.DEMAND_CHANGE, given, lambda: card.service_state == ServiceState.TRANSFERRED


def change_of_user():
    card = CardFactory(registrant=RegistrantFactory(kind=RegistrantKind.COMPANY))
    agent = AgentFactory()
    given = {"user": {"given": {"user": agent}}, "registered": {"evidence": proof()}}
    return card, StopReason.BUSINESS_CHANGE, given, lambda: card.actual_user == agent.user


def porting():
    card = ported_to()
    return (
        card,
        StopReason.DEMAND_CHANGE,
        {"ported": {"evidence": proof()}},
        lambda: card.service_state == ServiceState.PORTED_OUT,
    )


def appeal(answer=CaseOutcome.CORRECTED):
    mark = NumberMarkFactory()
    given = {
        "evidence": {"given": {"mark": mark}},
        "answer": {"given": {"answer": answer, "ended_on": TODAY}},
    }

    def ended() -> bool:
        mark.refresh_from_db()
        return (mark.ended_on == TODAY) is (answer == CaseOutcome.CORRECTED)

    return mark.card, CaseReason.WRONG_MARK, given, ended


@pytest.mark.parametrize(
    ("kind", "made", "outcome"),
    [
        (CaseKind.RENEWAL, renewal, CaseOutcome.KEPT),
        (CaseKind.IDLE, idle, CaseOutcome.KEPT),
        (CaseKind.TRANSFER, into_our_name, CaseOutcome.KEPT),
        (CaseKind.TRANSFER, to_a_colleague, CaseOutcome.TRANSFERRED),
        (CaseKind.USER_CHANGE, change_of_user, CaseOutcome.KEPT),
        (CaseKind.PORT_OUT, porting, CaseOutcome.PORTED_OUT),
        (CaseKind.MARK_APPEAL, appeal, CaseOutcome.CORRECTED),
        (CaseKind.MARK_APPEAL, lambda: appeal(CaseOutcome.REFUSED), CaseOutcome.REFUSED),
    ],
)
def test_from_the_opening_to_the_end(kind, made, outcome) -> None:
    """R15, R22, R74, R100, R109: steps, papers, clocks, end; what the carrier did stands on the card, with proof."""
    card, reason, given, is_so = made()
    case = CaseFactory(card=card, kind=kind, reason=reason)
    later = NOW + timedelta(hours=2)
    do_all(case, now=later, **given)
    case.refresh_from_db()
    card.refresh_from_db()
    assert (case.outcome, is_so()) == (outcome, True)
    if card.service_state in (ServiceState.TRANSFERRED, ServiceState.PORTED_OUT):
        assert CardChange.objects.filter(card=card, to_state=card.service_state).get().evidence is not None


def test_a_renewal_keeps_what_it_rests_on() -> None:
    """R13, R15: cost, decision, expected and real new day, channel (R22); the fee stands in the ledger once."""
    card, reason, given, _is_so = renewal()
    case = CaseFactory(card=card, kind=CaseKind.RENEWAL, reason=reason)
    do_all(case, **given)
    (entry,) = LedgerEntry.objects.filter(card=card)
    assert (entry.kind, entry.amount) == (EntryKind.OTHER_CHARGE, Decimal(-348))
    case.refresh_from_db()
    decided = {"decision": "renew", "months": 12, "cost": "348.00", "expected": "2027-12-10"}
    written = {"expires_on": "2027-12-10", "paid": "348", "channel": "outlet", "before": "2026-12-10"}
    assert case.facts == {**decided, **written}


def test_a_day_that_is_no_renewal_and_a_number_that_may_not_lapse_are_refused() -> None:
    """R15: dates do not run backwards; customers' numbers are not given up by doing nothing."""
    case = CaseFactory(
        card=CardFactory(expires_on=in_days(20), is_customer_facing=True),
        kind=CaseKind.RENEWAL,
        reason=StopReason.EXPIRED,
    )
    with pytest.raises(StepRefused) as refused:
        do(case, "decide", given={"decision": RenewalDecision.LAPSE, "months": None})
    assert codes(refused) == {"customers_rely"}
    do(case, "decide", given={"decision": RenewalDecision.RENEW, "months": None})
    with pytest.raises(StepRefused) as refused:
        do(case, "renewed", given={"expires_on": in_days(20), "paid": None, "channel": "outlet"})
    assert codes(refused) == {"renewal_not_later"}
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.LAPSED, actor=None, now=NOW)
    assert codes(refused) == {"not_decided_so"}


def test_many_cards_are_decided_at_once() -> None:
    """R15: lapsed at once, renewed with receipt, or waiting for the carrier; the same decision twice is no obstacle."""
    cards = CardFactory.create_batch(3, expires_on=in_days(20))
    later, lapse = Renewal(decision="renew", months=12, note="n"), Renewal(decision="lapse", months=12, note="n")
    done = Renewal(
        decision="renew", months=12, note="n", expires_on=date(2027, 12, 10), channel="website", receipt="R-7"
    )
    asked = list(zip(cards, (lapse, done, later), strict=True))
    cases = [decide_renewal(card_id=card.pk, renewal=one, actor=None, now=NOW) for card, one in asked]
    assert [case.outcome for case in cases] == [CaseOutcome.LAPSED, CaseOutcome.KEPT, ""]
    assert decide_renewal(card_id=cards[2].pk, renewal=done, actor=None, now=NOW).outcome == CaseOutcome.KEPT
    cards[2].refresh_from_db()
    assert cards[2].expires_on == date(2027, 12, 10)


@pytest.mark.parametrize(
    ("kind", "reason", "decision"),
    [
        (CaseKind.RENEWAL, StopReason.EXPIRED, RenewalDecision.CANCEL),
        (CaseKind.IDLE, StopReason.IDLE, IdleDecision.RELEASE),
    ],
)
def test_giving_up_opens_the_cancellation_as_a_child(kind, reason, decision) -> None:
    """R15, R95, R100: one decision, one transaction, never two open cases about a card's future."""
    case = CaseFactory(card=CardFactory(expires_on=in_days(20)), kind=kind, reason=reason)
    do(case, "decide", given={"decision": decision, "months": None})
    case.refresh_from_db()
    (child,) = case.children.all()
    assert (case.outcome, child.kind, child.is_open) == (CaseOutcome.CANCELLED, CaseKind.CANCELLATION, True)


@pytest.mark.parametrize(
    ("kind", "reason", "known", "against"),
    [
        (CaseKind.PORT_OUT, StopReason.DEMAND_CHANGE, {"carrier__kind": CarrierKind.MVNO}, {"virtual_operator"}),
        (CaseKind.PORT_OUT, StopReason.DEMAND_CHANGE, {"activated_on": in_days(-10)}, {"too_soon"}),
        (CaseKind.TRANSFER, StopReason.REAL_NAME, {"service_state": ServiceState.HALF_STOP}, {"not_in_service"}),
        (CaseKind.USER_CHANGE, StopReason.REAL_NAME, {}, {"not_a_unit_number"}),
        (CaseKind.RENEWAL, StopReason.EXPIRED, {"service_state": ServiceState.CANCELLED}, {"nothing_to_renew"}),
        (CaseKind.IDLE, StopReason.IDLE, {"service_state": ServiceState.FULL_STOP}, {"not_in_service"}),
        (CaseKind.MARK_APPEAL, CaseReason.WRONG_MARK, {}, {"not_marked"}),
    ],
)
def test_what_cannot_be_opened(kind, reason, known, against) -> None:
    """R74: each refusal names its condition."""
    card = ported_to(**known)
    with pytest.raises(CaseRefused) as refused:
        CaseFactory(card=card, kind=kind, reason=reason)
    assert codes(refused) == against


def test_a_card_in_somebodys_hands_in_a_phone_or_in_arrears_does_not_leave() -> None:
    """R26, R74: taken back, taken out and settled first; a unit's number goes to a person first."""
    agent = AgentFactory()
    card = ported_to(custody_state=CustodyState.ISSUED, holder=agent.user, device_imei="356938030000009")
    account = card.paid_by.get().account
    post(account=account, kind=EntryKind.OTHER_CHARGE, amount=Decimal(-30), actor=None, now=NOW)
    case = CaseFactory(card=card, kind=CaseKind.PORT_OUT, reason=StopReason.DEMAND_CHANGE)
    with pytest.raises(StepRefused) as refused:
        do(case, "eligible")
    assert codes(refused) == {"fees_open", "card_in_hands", "card_in_phone"}


def test_a_mark_that_may_be_right_is_not_appealed_and_the_pack_tells_figures_only() -> None:
    """R40, R98: consent counts for the card's purpose; nobody called is named; complaints speak for the mark."""
    mark = NumberMarkFactory()
    for number, purpose in (("+8613900000001", "sales"), ("+8613900000002", "research"), ("+8613900000003", "")):
        call(mark.card, NOW - timedelta(days=2), number)
        said = Said(
            kind=ListingKind.CONSENT, number=number, source="web", given_at=NOW - timedelta(days=9), purpose=purpose
        )
        list_number(entry=said, actor=None, now=NOW)
    UsageDailyFactory(card=mark.card, calls=120, answered=80)
    case = CaseFactory(card=mark.card, kind=CaseKind.MARK_APPEAL, reason=CaseReason.WRONG_MARK)
    do(case, "evidence", given={"mark": mark})
    case.refresh_from_db()
    assert case.facts == {"mark": mark.pk, "platform": mark.platform, "calls": 120, "callees": 3, "consented": 2}
    facts = kind_of(CaseKind.MARK_APPEAL).papers[0].facts(case)
    assert (facts["evidence"].consents.consent_share, facts["evidence"].calls.answered_share) == (
        Decimal("66.7"),
        Decimal("66.7"),
    )
    complained = NumberMarkFactory()
    ComplaintFactory(card=complained.card)
    with pytest.raises(CaseRefused) as refused:
        CaseFactory(card=complained.card, kind=CaseKind.MARK_APPEAL, reason=CaseReason.WRONG_MARK)
    assert codes(refused) == {"mark_may_be_right"}
    assert NumberMark.objects.filter(ended_on=None).count() == 2
    assert step_of(case, "sent").state == "open"
