"""Renewal, idleness, porting, transfer and appeals: rules without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cards.choices import CarrierKind, Payment, RealNameState, RegistrantKind, ServiceState, StopReason
from cards.rules.carrier_terms import CarrierTerms
from lifecycle.choices import TransferTo
from lifecycle.rules.cases.appeals import ConductFacts, against_appeal
from lifecycle.rules.cases.idle import IdleFacts, is_near, recycled_on
from lifecycle.rules.cases.numbers import NumberFacts, unmet
from lifecycle.rules.cases.porting import is_machine_number, porting_checks
from lifecycle.rules.cases.renewal import RenewalFacts, against_lapsing, keeping_cost, new_last_day, unfit_date
from lifecycle.rules.cases.transfers import papers, transfer_checks, user_change_checks

TODAY = date(2026, 11, 20)


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("expires", "months", "new"),
    [
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2027, 2, 28), 12, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 14), 24, date(2028, 12, 14)),
        (date(2026, 11, 20), 12, date(2027, 11, 20)),
        (date(2026, 11, 19), 12, date(2027, 11, 19)),
        (None, 12, date(2027, 11, 19)),
    ],
)
def test_the_new_last_day(expires, months, new) -> None:
    """R15: a renewal counts from the present last day, from today where that is over."""
    assert new_last_day(RenewalFacts(today=TODAY, expires_on=expires), months=months).on == new


@pytest.mark.parametrize(
    ("fee", "minimum", "months", "amount"),
    [
        (Decimal(29), None, 12, Decimal(348)),
        (Decimal(19), Decimal(58), 12, Decimal(696)),
        (Decimal("0.10"), Decimal(0), 3, Decimal("0.30")),
        (None, Decimal(58), 12, None),
    ],
)
def test_what_keeping_costs(fee, minimum, months, amount) -> None:
    facts = RenewalFacts(today=TODAY, expires_on=None, monthly_fee=fee, minimum_spend=minimum)
    assert keeping_cost(facts, months=months).amount == amount


@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (date(2026, 12, 31), ["renewal_not_later"]),
        (date(2026, 11, 1), ["renewal_not_later"]),
        (date(2027, 1, 1), []),
        (date(2034, 1, 1), ["renewal_too_far"]),
    ],
)
def test_dates_that_are_no_renewal(new, refused) -> None:
    """R15: dates do not run backwards."""
    assert codes(unfit_date(RenewalFacts(today=TODAY, expires_on=date(2026, 12, 31)), new)) == refused


@pytest.mark.parametrize(
    ("known", "against"),
    [
        ({}, []),
        ({"is_customer_facing": True}, ["customers_rely"]),
        ({"bound_until": date(2027, 6, 30)}, ["contract_binds"]),
        ({"bound_until": date(2026, 12, 1)}, []),
        ({"payment": Payment.POSTPAID}, ["postpaid_goes_on"]),
    ],
)
def test_what_may_not_just_lapse(known, against) -> None:
    """R15: neither a number customers rely on, nor one under contract, nor a postpaid one."""
    facts = RenewalFacts(today=TODAY, expires_on=date(2026, 12, 20), **known)
    assert codes(against_lapsing(facts)) == against


def idle(call=None, topup=None, known=None, days=90) -> IdleFacts:
    terms = CarrierTerms(recycle_after_days=days)
    return IdleFacts(last_call_on=call, last_topup_on=topup, known_since=known, terms=terms)


@pytest.mark.parametrize(
    ("facts", "on", "near"),
    [
        (idle(call=date(2026, 9, 12)), date(2026, 12, 11), True),
        (idle(call=date(2026, 9, 13)), date(2026, 12, 12), False),
        (idle(call=date(2026, 6, 1), topup=date(2026, 10, 1)), date(2026, 12, 30), False),
        (idle(topup=date(2026, 8, 1)), date(2026, 10, 30), True),
        (idle(known=date(2026, 9, 1)), date(2026, 11, 30), True),
        (idle(call=date(2026, 6, 1), known=date(2026, 11, 1), days=180), date(2026, 11, 28), True),
        (idle(), None, False),
    ],
)
def test_when_a_silent_number_is_taken_back(facts, on, near) -> None:
    """R100, R109: the later of last call and last top-up counts; one never used counts from when we knew it."""
    predicted = recycled_on(facts)
    assert (predicted.on if predicted else None, is_near(predicted, today=TODAY)) == (on, near)


def number(**known) -> NumberFacts:
    least = {
        "today": TODAY,
        "number": "+8613800000001",
        "service_state": ServiceState.ACTIVE,
        "carrier_code": "cmcc",
        "carrier_kind": CarrierKind.MNO,
        "registrant_kind": RegistrantKind.PERSON,
        "real_name_state": RealNameState.VALID,
        "owed": Decimal(0),
        "activated_on": date(2026, 1, 1),
    }
    return NumberFacts(**(least | known))


PORTING = [
    ({}, []),
    ({"carrier_kind": CarrierKind.MVNO}, ["virtual_operator"]),
    ({"number": "+8617012345678"}, ["virtual_operator"]),
    ({"number": "+8616512345678", "carrier_kind": CarrierKind.MVNO}, ["virtual_operator"]),
    ({"number": "+8617212345678"}, []),
    ({"number": "+861064812345678"}, ["machine_number"]),
    ({"number": "+8614812345678"}, ["machine_number"]),
    ({"registrant_kind": RegistrantKind.COMPANY}, ["registered_to_unit"]),
    ({"real_name_state": RealNameState.INVALID}, ["real_name_not_valid"]),
    ({"service_state": ServiceState.HALF_STOP}, ["not_in_service"]),
    ({"owed": Decimal("0.01")}, ["fees_open"]),
    ({"owed": Decimal(-20)}, []),
    ({"bound_until": TODAY}, ["contract_binds"]),
    ({"bound_until": TODAY - timedelta(days=1)}, []),
    ({"activated_on": TODAY - timedelta(days=119)}, ["too_soon"]),
    ({"activated_on": TODAY - timedelta(days=120)}, []),
]


@pytest.mark.parametrize(("known", "against"), PORTING)
def test_what_stands_against_porting(known, against) -> None:
    """Rules of 2019 on 携号转网: each condition at its edge, with what clears it and where it stands."""
    checks = porting_checks(number(**known))
    assert codes(unmet(checks)) == against
    assert all(check.clears and check.source for check in checks)


def test_a_number_is_judged_by_its_carrier_of_record_not_by_its_prefix() -> None:
    """A Unicom prefix on China Mobile's books was ported before; that is no obstacle."""
    assert codes(unmet(porting_checks(number(number="+8613012345678", carrier_code="cmcc")))) == []


def test_what_is_unknown_is_no_yes() -> None:
    unknown = number(owed=None, activated_on=None, registrant_kind="", real_name_state=RealNameState.UNKNOWN)
    checks = porting_checks(unknown)
    assert codes(unmet(checks)) == []
    assert set(codes(unmet(checks, with_unknown=True))) == {
        "registered_to_unit",
        "real_name_not_valid",
        "fees_open",
        "too_soon",
    }


@pytest.mark.parametrize(
    ("digits", "is_machine"), [("13800000001", False), ("1064812345678", True), ("14112345678", True)]
)
def test_numbers_of_machines(digits, is_machine) -> None:
    assert is_machine_number(f"+86{digits}") is is_machine


@pytest.mark.parametrize(
    ("known", "against", "open_questions"),
    [
        ({}, [], []),
        ({"service_state": ServiceState.FORCED_STOP}, ["not_in_service"], []),
        ({"owed": Decimal(5)}, ["fees_open"], []),
        ({"bound_until": date(2027, 1, 1)}, ["contract_binds"], []),
        ({"carrier_kind": CarrierKind.MVNO, "carrier_code": "huaxiang"}, [], ["transfer_not_established"]),
        ({"carrier_kind": CarrierKind.MVNO, "carrier_code": "lenovo"}, [], []),
    ],
)
def test_what_stands_against_a_transfer(known, against, open_questions) -> None:
    """R74: only a formal transfer, and only where the carrier does it."""
    checks = transfer_checks(number(**known))
    assert codes(unmet(checks)) == against
    assert codes(unmet(checks, with_unknown=True)) == against + open_questions


def test_papers_of_a_transfer_follow_the_parties() -> None:
    """R74: a company's papers where one of the two is a company."""
    private = papers(number(), to=TransferTo.STAFF)
    company = papers(number(), to=TransferTo.COMPANY)
    assert len(company) > len(private)
    assert all(paper.source for paper in private)


def test_only_a_company_number_has_a_user_beside_its_registrant() -> None:
    """R74: a person's number is nobody else's to use."""
    assert codes(unmet(user_change_checks(number()))) == ["not_a_unit_number"]
    assert codes(unmet(user_change_checks(number(registrant_kind=RegistrantKind.COMPANY)))) == []


@pytest.mark.parametrize(
    ("known", "against"),
    [
        ({}, []),
        ({"open_marks": 0}, ["not_marked"]),
        ({"complaints": 1}, ["mark_may_be_right"]),
        ({"notified": 1}, ["mark_may_be_right"]),
        ({"stop_reason": StopReason.HARASSMENT}, ["stopped_for_conduct"]),
        ({"stop_reason": StopReason.ARREARS}, []),
        ({"refused_callees": 1}, ["refusals_were_called"]),
    ],
)
def test_only_wrong_marks_are_appealed(known, against) -> None:
    """Domain section 7: an evidence pack for true errors; a right mark asks for rectification."""
    facts = ConductFacts(**({"open_marks": 1, "complaints": 0, "notified": 0} | known))
    assert codes(against_appeal(facts)) == against
