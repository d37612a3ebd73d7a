"""Carriers, plans, contracts, registrants and rule versions: written by services, journalled, dated."""

from datetime import date
from decimal import Decimal

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.crypto import fingerprint
from cardfleet.kernel.errors import BadInput, NotAllowed
from cards.choices import Confidence, RegistrantKind, Severity
from cards.errors import PeriodRefused
from cards.models import Carrier, CarrierRule, Registrant
from cards.reference import load_carriers
from cards.services.carriers import edit_carrier, record_carrier
from cards.services.contracts import record_contract
from cards.services.plans import record_plan, set_price
from cards.services.registrants import edit_registrant, record_registrant, reveal_id_number
from cards.services.rules import confirm_rule, end_rule, write_rule, write_version
from tests.conftest import FRIDAY
from tests.factories.cards import CarrierFactory, CarrierRuleFactory, RatePlanFactory, RegistrantFactory

pytestmark = pytest.mark.django_db

BY = {"actor": None, "now": FRIDAY}
CODE = "91110000600037341L"
RESIDENT = "360426199101010071"


def test_carrier_is_recorded_edited_and_journalled():
    """R18, R97, R89, R90: hotline, account manager and cancellation policy of each carrier."""
    carrier = record_carrier(facts={"code": "cmcc", "name": "中国移动", "hotline": "10086"}, **BY)
    edit_carrier(carrier_id=carrier.pk, changes={"hotline": "10086", "account_manager": "李经理"}, **BY)
    edit_carrier(carrier_id=carrier.pk, changes={"hotline": "10086"}, **BY)
    carrier.refresh_from_db()
    assert carrier.account_manager == "李经理"
    edited = Entry.objects.get(action="cards.carrier_edited")
    assert edited.data == {"fields": ["account_manager"]}


def test_bad_values_name_their_field():
    with pytest.raises(BadInput) as refused:
        record_carrier(facts={"code": "x", "name": "", "due_day": 31}, **BY)
    assert {reason.field for reason in refused.value.reasons} >= {"name"}
    assert not Carrier.objects.exists()


def test_new_price_ends_the_earlier_one():
    """R81: prices are dated; what was charged stays explained."""
    plan = record_plan(facts={"carrier": CarrierFactory(), "name": "畅打 99"}, **BY)
    first = set_price(plan_id=plan.pk, effective_from=date(2026, 1, 1), prices={"monthly_fee": Decimal(99)}, **BY)
    last = set_price(plan_id=plan.pk, effective_from=date(2026, 12, 1), prices={"monthly_fee": Decimal(79)}, **BY)
    between = set_price(plan_id=plan.pk, effective_from=date(2026, 6, 1), prices={"monthly_fee": Decimal(89)}, **BY)
    for price in (first, between, last):
        price.refresh_from_db()
    assert (first.effective_to, between.effective_to, last.effective_to) == (
        date(2026, 6, 1),
        date(2026, 12, 1),
        None,
    )
    with pytest.raises(PeriodRefused):
        set_price(plan_id=plan.pk, effective_from=date(2026, 6, 1), prices={}, **BY)


def test_price_below_zero_is_refused_and_the_earlier_one_stays():
    plan = RatePlanFactory()
    first = set_price(plan_id=plan.pk, effective_from=date(2026, 1, 1), prices={}, **BY)
    with pytest.raises(BadInput):
        set_price(plan_id=plan.pk, effective_from=date(2026, 6, 1), prices={"monthly_fee": Decimal(-1)}, **BY)
    first.refresh_from_db()
    assert first.effective_to is None


def test_contract_ends_after_it_starts():
    """R103: the term of a contract."""
    facts = {"number": "HT-1", "carrier": CarrierFactory(), "starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}
    with pytest.raises(BadInput) as refused:
        record_contract(facts=facts, **BY)
    assert "violated" not in str(refused.value.reasons[0].message)


def test_id_number_is_encrypted_fingerprinted_and_never_journalled(django_assert_num_queries):
    """R23, R83: the ID number is found by fingerprint and readable nowhere."""
    facts = {"kind": RegistrantKind.COMPANY, "name": "华星公司", "id_number": CODE.lower()}
    registrant = record_registrant(facts=facts, **BY)
    stored = Registrant.objects.extra(select={"raw": "id_number"}).get(pk=registrant.pk)
    assert stored.id_number == CODE
    assert CODE not in stored.raw
    assert stored.id_fingerprint == fingerprint(CODE)
    assert CODE not in str(Entry.objects.get().data)
    with pytest.raises(BadInput):
        record_registrant(facts={**facts, "name": "another"}, **BY)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (RegistrantKind.COMPANY, "91110000600037341M"),
        (RegistrantKind.COMPANY, RESIDENT),
        (RegistrantKind.PERSON, "360426199101010072"),
        (RegistrantKind.PERSON, "360426199102310076"),
        (RegistrantKind.PERSON, "13812345678"),
        (RegistrantKind.PERSON, "3.60426E+17"),
    ],
)
def test_wrong_id_number_is_refused_without_being_repeated(kind, number):
    """R23: check digits of credit codes and ID cards."""
    with pytest.raises(BadInput) as refused:
        record_registrant(facts={"kind": kind, "name": "n", "id_number": number}, **BY)
    (reason,) = refused.value.reasons
    assert (reason.field, reason.value) == ("id_number", "")
    assert number not in str(refused.value.as_json())


@pytest.mark.parametrize("number", [RESIDENT, "11010519491231002x", "E12345678", "H1234567", ""])
def test_right_id_number_of_a_person(number):
    registrant = record_registrant(facts={"kind": RegistrantKind.PERSON, "name": "n", "id_number": number}, **BY)
    assert registrant.id_number == number.upper()


def test_editing_the_kind_checks_the_number_again():
    registrant = record_registrant(facts={"kind": RegistrantKind.PERSON, "name": "n", "id_number": RESIDENT}, **BY)
    with pytest.raises(BadInput):
        edit_registrant(registrant_id=registrant.pk, changes={"kind": RegistrantKind.COMPANY}, **BY)


def test_revealing_an_id_number_needs_right_and_reason_and_is_journalled(person):
    """R83, X6: need to know, with a reason, on record."""
    registrant = RegistrantFactory(id_number=CODE)
    allowed = person("cards.view_id_number")
    asked = {"registrant_id": registrant.pk, "now": FRIDAY}
    with pytest.raises(NotAllowed):
        reveal_id_number(**asked, actor=person(), reason="check")
    with pytest.raises(BadInput):
        reveal_id_number(**asked, actor=allowed, reason="  ")
    assert not Entry.objects.exists()
    assert reveal_id_number(**asked, actor=allowed, reason="outlet visit") == CODE
    assert Entry.objects.get().reason == "outlet visit"


def test_rule_versions_follow_each_other():
    """R2, R21: a change is a new version from a day on; the one in force is not rewritten."""
    first = write_rule(
        kind="daily_out_calls",
        facts={"warn": 160, "limit": 200, "unit": "calls", "severity": Severity.HIGH, "source": "default"},
        effective_from=date(2026, 1, 1),
        reason="start",
        **BY,
    )
    second = write_version(
        rule_id=first.pk,
        changes={"limit": Decimal(150)},
        effective_from=date(2026, 12, 1),
        reason="carrier notice",
        **BY,
    )
    first.refresh_from_db()
    assert first.effective_to == second.effective_from == date(2026, 12, 1)
    assert (first.limit, second.limit, second.warn) == (200, 150, 160)
    assert (second.version, second.lineage) == (2, first.lineage)
    assert list(CarrierRule.objects.in_force(date(2026, 11, 30))) == [first]
    assert list(CarrierRule.objects.in_force(date(2026, 12, 1))) == [second]


@pytest.mark.parametrize("day", [date(2026, 11, 19), date(2026, 1, 1)])
def test_rule_does_not_change_the_past(day):
    rule = CarrierRuleFactory()
    asked = {"effective_from": day, "reason": "r", **BY}
    with pytest.raises(PeriodRefused):
        write_version(rule_id=rule.pk, changes={"limit": 1}, **asked)
    with pytest.raises(PeriodRefused):
        end_rule(rule_id=rule.pk, effective_to=day, reason="r", **BY)
    assert CarrierRule.objects.count() == 1


def test_confirming_a_rule_takes_the_badge_off_and_needs_a_source():
    rule = CarrierRuleFactory()
    with pytest.raises(BadInput):
        confirm_rule(rule_id=rule.pk, source=" ", confidence=Confidence.CONTRACT, **BY)
    confirm_rule(rule_id=rule.pk, source="HT-1 §4", confidence=Confidence.CONTRACT, **BY)
    rule.refresh_from_db()
    assert (rule.is_illustrative, rule.source, rule.limit) == (False, "HT-1 §4", 200)


def test_reference_carriers_load_once_and_leave_edits_alone():
    """R2, R97: terms by carrier as data, badged illustrative."""
    load_carriers(now=FRIDAY)
    mobile = Carrier.objects.get(code="cmcc")
    assert (mobile.name, mobile.hotline, mobile.terms_illustrative) == ("中国移动", "10086", True)
    edit_carrier(carrier_id=mobile.pk, changes={"terms_illustrative": False, "restore_hours": 12}, **BY)
    count = Entry.objects.count()
    load_carriers(now=FRIDAY)
    mobile.refresh_from_db()
    assert (mobile.restore_hours, mobile.terms_illustrative) == (12, False)
    assert (Carrier.objects.count(), Entry.objects.count()) == (6, count)
