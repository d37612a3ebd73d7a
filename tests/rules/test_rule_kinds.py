"""Every rule kind of domain.md section 3 at the edges of its default limits."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from cardfleet.kernel.clock import SHANGHAI
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts, GroupTotal
from lifecycle.rules.kinds import KINDS, blocked, find
from tests.rules.terms import BY_KIND

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=SHANGHAI)
LATE = datetime(2026, 11, 25, 14, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()


def hours(**calls: int) -> tuple[int, ...]:
    return tuple(calls.get(f"h{hour}", 0) for hour in range(24))


def short(under_10: int) -> dict[int, int]:
    return {5: 0, 10: under_10, 15: 30, 30: 30}


def together(**known: object) -> dict[str, GroupTotal]:
    """What an agent's cards called together: give what matters."""
    figures = {"cards": 3, "calls": 0, "minutes": Decimal(0), "most_in_hour": 0}
    return {"agent": GroupTotal(**(figures | known))}


def changed(kind: str, **changes: object) -> RuleTerms:
    return replace(BY_KIND[kind], **changes)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


TABLE = [
    ("usual_calls", {"usual_calls": Decimal("159.9")}, None),
    ("usual_calls", {"usual_calls": Decimal(160)}, "near"),
    ("usual_calls", {"usual_calls": Decimal(200)}, "reached"),
    ("usual_hour", {"usual_hour": Decimal(29)}, None),
    ("usual_hour", {"usual_hour": Decimal(30)}, "near"),
    ("usual_hour", {"usual_hour": Decimal(60)}, "reached"),
    ("stop_history", {"stops_90d": 0}, None),
    ("stop_history", {"stops_90d": 1}, "near"),
    ("stop_history", {"stops_90d": 3}, "reached"),
    ("daily_out_calls", {"calls_today": 159}, None),
    ("daily_out_calls", {"calls_today": 160}, "near"),
    ("daily_out_calls", {"calls_today": 199}, "near"),
    ("daily_out_calls", {"calls_today": 200}, "reached"),
    ("hourly_out_calls", {"most_in_60": 29}, None),
    ("hourly_out_calls", {"most_in_60": 30}, "near"),
    ("hourly_out_calls", {"most_in_60": 60}, "reached"),
    ("burst", {"most_in_10": 9}, None),
    ("burst", {"most_in_10": 10}, "near"),
    ("burst", {"most_in_10": 15}, "reached"),
    ("min_gap", {"short_gap_s": 11}, None),
    ("min_gap", {"short_gap_s": 10}, "reached"),
    ("daily_minutes", {"minutes_today": Decimal("299.9")}, None),
    ("daily_minutes", {"minutes_today": Decimal(300)}, "near"),
    ("daily_minutes", {"minutes_today": Decimal(18001) / 60}, "near"),
    ("bundle_minutes", {"minutes_month": Decimal(399), "bundle_minutes": 500}, None),
    ("bundle_minutes", {"minutes_month": Decimal(400), "bundle_minutes": 500}, "near"),
    ("bundle_minutes", {"minutes_month": Decimal(500), "bundle_minutes": 500}, "reached"),
    ("bundle_minutes", {"minutes_month": Decimal(500), "bundle_minutes": 0}, None),
    ("distinct_callees", {"distinct_callees_today": 119}, None),
    ("distinct_callees", {"distinct_callees_today": 120}, "near"),
    ("distinct_callees", {"distinct_callees_today": 150}, "reached"),
    ("callee_repeat", {"most_to_one_24h": 1}, None),
    ("callee_repeat", {"most_to_one_24h": 2}, "near"),
    ("callee_repeat", {"most_to_one_24h": 3}, "reached"),
    ("callee_repeat_30d", {"most_to_one_30d": 7}, None),
    ("callee_repeat_30d", {"most_to_one_30d": 10}, "reached"),
    ("short_call_ratio", {"short_calls_today": short(29), "answered_today": 29}, None),
    ("short_call_ratio", {"short_calls_today": short(14), "answered_today": 30}, None),
    ("short_call_ratio", {"short_calls_today": short(15), "answered_today": 30}, "near"),
    ("short_call_ratio", {"short_calls_today": short(21), "answered_today": 30}, "reached"),
    ("short_call_ratio", {"short_calls_today": None, "answered_today": 30}, None),
    ("connect_rate", {"answered_today": 7, "calls_today": 30}, None),
    ("connect_rate", {"answered_today": 6, "calls_today": 30}, "near"),
    ("connect_rate", {"answered_today": 0, "calls_today": 29}, None),
    ("empty_number", {"vacant_calls_today": 8, "calls_today": 30}, None),
    ("empty_number", {"vacant_calls_today": 9, "calls_today": 30}, "near"),
    ("holiday", {"is_holiday": True, "calls_today": 1}, "reached"),
    ("holiday", {"is_holiday": True, "calls_today": 0}, None),
    ("holiday", {"is_holiday": False, "calls_today": 50}, None),
    ("new_card_cap", {"activated_on": days(0), "calls_today": 40}, "near"),
    ("new_card_cap", {"activated_on": days(-6), "calls_today": 50}, "reached"),
    ("new_card_cap", {"activated_on": days(-7), "calls_today": 50}, None),
    ("call_window", {"hours_today": hours(h9=20, h14=20, h19=5)}, None),
    ("call_window", {"hours_today": hours(h9=20, h12=1)}, "near"),
    ("call_window", {"hours_today": hours(h20=3)}, "near"),
    ("call_window", {"hours_today": hours(h21=1)}, "reached"),
    ("call_window", {"hours_today": hours(h8=1)}, "reached"),
    ("low_balance", {"balance": Decimal(80), "daily_burn": Decimal(10)}, None),
    ("low_balance", {"balance": Decimal(79), "daily_burn": Decimal(10)}, "near"),
    ("low_balance", {"balance": Decimal(29), "daily_burn": Decimal(10)}, "reached"),
    ("low_balance", {"balance": Decimal(-1)}, "reached"),
    ("low_balance", {"balance": Decimal(5)}, None),
    ("credit_limit", {"balance": Decimal(-79), "credit_limit": Decimal(100)}, None),
    ("credit_limit", {"balance": Decimal(-80), "credit_limit": Decimal(100)}, "near"),
    ("credit_limit", {"balance": Decimal(-100), "credit_limit": Decimal(100)}, "reached"),
    ("credit_limit", {"balance": Decimal(-100), "credit_limit": Decimal(0)}, None),
    ("late_fee", {"overdue_amount": Decimal(100), "overdue_days": 1}, "reached"),
    ("late_fee", {"overdue_amount": Decimal(100), "overdue_days": 0}, None),
    ("late_fee", {"overdue_amount": Decimal(0), "overdue_days": 5}, None),
    ("fee_spike", {"fees_month": Decimal(299), "fees_mean_3_months": Decimal(100)}, "near"),
    ("fee_spike", {"fees_month": Decimal(294), "fees_mean_3_months": Decimal(100)}, None),
    ("fee_spike", {"fees_month": Decimal(500), "fees_mean_3_months": Decimal(100)}, "reached"),
    ("fee_spike", {"fees_month": Decimal(500), "fees_mean_3_months": Decimal("0.50")}, None),
    ("min_spend", {"now": LATE, "fees_month": Decimal(20), "minimum_spend": Decimal(39)}, "reached"),
    ("min_spend", {"fees_month": Decimal(20), "minimum_spend": Decimal(39)}, None),
    ("min_spend", {"fees_month": Decimal(39), "minimum_spend": Decimal(39)}, None),
    ("validity", {"expires_on": days(31)}, None),
    ("validity", {"expires_on": days(30)}, "near"),
    ("validity", {"expires_on": days(1)}, "near"),
    ("validity", {"expires_on": days(0)}, "reached"),
    ("validity", {"activated_on": days(-334)}, None),
    ("validity", {"activated_on": days(-335)}, "near"),
    ("validity", {"activated_on": days(-365)}, "reached"),
    ("validity", {"activated_on": days(-900), "expires_on": days(100)}, None),
    ("idle_days", {"last_call_on": days(-59)}, None),
    ("idle_days", {"last_call_on": days(-60)}, "near"),
    ("idle_days", {"last_call_on": days(-80)}, "reached"),
    ("idle_days", {"last_call_on": days(-80), "last_topup_on": days(-10)}, None),
    ("idle_days", {"last_call_on": days(-200), "last_topup_on": days(-80)}, "reached"),
    ("idle_days", {"activated_on": days(-80)}, "reached"),
    ("idle_days", {"activated_on": days(-80), "known_since": days(-1)}, None),
    ("idle_days", {"activated_on": days(-80), "known_since": days(-200)}, "reached"),
    ("idle_days", {"activated_on": days(-80), "service_state": "pending"}, None),
    ("activation_days", {"service_state": "pending", "received_on": days(-19)}, None),
    ("activation_days", {"service_state": "pending", "received_on": days(-20)}, "near"),
    ("activation_days", {"service_state": "pending", "received_on": days(-30)}, "reached"),
    ("activation_days", {"service_state": "active", "received_on": days(-30)}, None),
    ("contract_term", {"is_cancelling": True, "contract_ends_on": days(1)}, "reached"),
    ("contract_term", {"is_cancelling": True, "contract_ends_on": days(-1)}, None),
    ("contract_term", {"is_cancelling": False, "contract_ends_on": days(100)}, None),
    ("hoarding", {"idle_share": Decimal("9.9")}, None),
    ("hoarding", {"idle_share": Decimal(10)}, "near"),
    ("hoarding", {"idle_share": Decimal(20)}, "reached"),
    ("hoarding", {"idle_share": Decimal(20), "last_call_on": days(-29)}, None),
    ("hoarding", {"idle_share": Decimal(20), "last_call_on": days(-30)}, "reached"),
    ("real_name", {"real_name_state": "valid"}, None),
    ("real_name", {"real_name_state": "unknown"}, "near"),
    ("real_name", {"real_name_state": "invalid"}, "reached"),
    ("id_card_count", {"cards_on_id_here": 3, "registrant_kind": "person"}, None),
    ("id_card_count", {"cards_on_id_here": 4, "registrant_kind": "person"}, "near"),
    ("id_card_count", {"cards_on_id_here": 5, "registrant_kind": "person"}, "reached"),
    ("id_card_count", {"cards_on_id_here": 500, "registrant_kind": "company"}, None),
    ("id_card_total", {"cards_on_id": 10, "registrant_kind": "person"}, "reached"),
    ("id_card_total", {"cards_on_id": 500, "registrant_kind": "company"}, None),
    ("user_match", {"user_matches": True, "registrant_kind": "company"}, None),
    ("user_match", {"user_matches": False, "registrant_kind": "company"}, "reached"),
    ("user_match", {"user_matches": False, "registrant_kind": "person"}, "reached"),
    ("outside_use", {"holder_is_staff": True}, None),
    ("outside_use", {"holder_is_staff": False}, "reached"),
    ("reverify_due", {"reverify_due_at": NOW + timedelta(hours=20)}, "near"),
    ("reverify_due", {"reverify_due_at": NOW + timedelta(hours=50)}, "near"),
    ("reverify_due", {"reverify_due_at": NOW}, "reached"),
    ("purpose_match", {"purpose_matches": True}, None),
    ("purpose_match", {"purpose_matches": False}, "reached"),
    ("reported_rate", {"reported_rate": Decimal("0.29")}, None),
    ("reported_rate", {"reported_rate": Decimal("0.3")}, "near"),
    ("reported_rate", {"reported_rate": Decimal("0.5")}, "reached"),
    ("complaints", {"complaints_30d": 0}, None),
    ("complaints", {"complaints_30d": 1}, "near"),
    ("complaints", {"complaints_30d": 2}, "reached"),
    ("marked", {"marks": 1}, "near"),
    ("marked", {"marks": 3}, "reached"),
    ("consent", {"calls_without_consent": 0}, None),
    ("consent", {"calls_without_consent": 1}, "reached"),
    ("consent", {"calls_without_consent": 1, "purpose": "sales"}, "reached"),
    ("consent", {"calls_without_consent": 1, "purpose": "service"}, None),
    ("dnc", {"calls_to_do_not_call": 0}, None),
    ("dnc", {"calls_to_do_not_call": 1}, "reached"),
    ("industry_ban", {"industry": "教育"}, None),
    ("industry_ban", {"industry": ""}, None),
    ("industry_ban", {"industry": "贷款"}, "reached"),
    ("imei_change", {"imei_changes_7d": 0}, None),
    ("imei_change", {"imei_changes_7d": 1}, "near"),
    ("imei_change", {"imei_changes_7d": 3}, "reached"),
    ("sim_swap", {"sims_in_device_today": 2}, "near"),
    ("sim_swap", {"sims_in_device_today": 3}, "reached"),
    ("region", {"days_outside_region": 0}, None),
    ("region", {"days_outside_region": 1}, "near"),
    ("region", {"days_outside_region": 1, "may_roam": True}, None),
    ("agent_out_calls", {"totals": together(calls=159)}, None),
    ("agent_out_calls", {"totals": together(calls=160)}, "near"),
    ("agent_out_calls", {"totals": together(calls=200)}, "reached"),
    ("agent_out_calls", {"totals": together(calls=200, cards=1)}, None),
    ("agent_hour_calls", {"totals": together(most_in_hour=29)}, None),
    ("agent_hour_calls", {"totals": together(most_in_hour=60)}, "reached"),
    ("agent_minutes", {"totals": together(minutes=Decimal("299.9"))}, None),
    ("agent_minutes", {"totals": together(minutes=Decimal(300))}, "near"),
    ("direction_use", {"direction": "inbound", "calls_today": 0}, None),
    ("direction_use", {"direction": "inbound", "calls_today": 1}, "reached"),
    ("direction_use", {"direction": "outbound", "calls_today": 9, "incoming_today": 1}, "reached"),
    ("direction_use", {"direction": "both", "calls_today": 9, "incoming_today": 1}, None),
    ("card_hours", {"hours_from": time(9), "hours_to": time(18), "hours_today": hours(h9=1, h17=1)}, None),
    ("card_hours", {"hours_from": time(9), "hours_to": time(18), "hours_today": hours(h18=1)}, "reached"),
    ("card_hours", {"hours_from": time(9, 30), "hours_today": hours(h9=1)}, None),
    ("card_hours", {"hours_from": time(20), "hours_to": time(2), "hours_today": hours(h3=1)}, "reached"),
    ("card_hours", {"hours_from": time(20), "hours_to": time(2), "hours_today": hours(h1=1, h20=1)}, None),
    ("card_hours", {"hours_today": hours(h3=1)}, None),
    ("long_distance", {"may_long_distance": False, "calls_abroad": 1}, "reached"),
    ("long_distance", {"may_long_distance": False, "calls_abroad": 0}, None),
    ("long_distance", {"may_long_distance": True, "calls_abroad": 5}, None),
    ("industry_match", {"industry": "教育", "industry_matches": True}, None),
    ("industry_match", {"industry": "教育", "industry_matches": False}, "reached"),
    ("pin_tries", {"wrong_pins": 1}, None),
    ("pin_tries", {"wrong_pins": 2}, "near"),
    ("pin_tries", {"wrong_pins": 3}, "reached"),
    ("puk_tries", {"wrong_puks": 5}, "near"),
    ("puk_tries", {"wrong_puks": 10}, "reached"),
]


@pytest.mark.parametrize(("kind", "known", "stage"), TABLE)
def test_kind(kind: str, known: dict[str, object], stage: str | None) -> None:
    """Each rule at the edges of its warning and limit.

    R2, R3, R5, R6, R12, R15, R37, R40, R42, R49, R84, R85, R86, R88, R95, R100, R103, R109, R112; X10, X11, X17.
    """
    found = KINDS[kind].check(CardFacts(**({"now": NOW} | known)), BY_KIND[kind])
    assert (None if found is None else "reached" if found.is_reached else "near") == stage
    if found is not None:
        assert found.kind == kind
        assert Decimal(0) <= found.progress <= Decimal(1)


def test_the_table_tests_every_kind_both_ways() -> None:
    assert {kind for kind, _known, stage in TABLE if stage} == set(BY_KIND)
    assert {kind for kind, _known, stage in TABLE if not stage} >= set(BY_KIND) - {
        "reverify_due",
        "marked",
        "sim_swap",
        "puk_tries",
    }


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_unknown_facts_find_nothing(kind: str) -> None:
    assert KINDS[kind].check(CardFacts(now=NOW), BY_KIND[kind]) is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_names_facts_that_exist(kind: str) -> None:
    assert set(KINDS[kind].facts) <= set(CardFacts.__dataclass_fields__)


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_a_rule_without_marks_never_fails(kind: str) -> None:
    known = {name: value for row_kind, row, _stage in TABLE if row_kind == kind for name, value in row.items()}
    bare = changed(kind, warn=None, limit=None)
    KINDS[kind].check(CardFacts(**({"now": NOW} | known)), bare)


@pytest.mark.parametrize(
    ("called", "last_hour", "at"),
    [
        (160, 40, NOW + timedelta(hours=1)),
        (180, 40, NOW + timedelta(minutes=30)),
        (160, 2, None),
        (160, 0, None),
        (200, 40, None),
    ],
)
def test_when_the_cap_comes_at_the_present_pace(called: int, last_hour: int, at: datetime | None) -> None:
    facts = CardFacts(now=NOW, calls_today=called, calls_last_hour=last_hour)
    assert KINDS["daily_out_calls"].check(facts, BY_KIND["daily_out_calls"]).limit_at == at


@pytest.mark.parametrize(
    ("kind", "known", "on"),
    [
        ("low_balance", {"balance": Decimal(50), "daily_burn": Decimal(10)}, days(5)),
        ("validity", {"expires_on": days(10)}, days(11)),
        ("idle_days", {"last_call_on": days(-70), "recycle_after_days": 90}, days(20)),
        ("activation_days", {"service_state": "pending", "received_on": days(-25)}, days(5)),
        ("bundle_minutes", {"minutes_month": Decimal(490), "bundle_minutes": 500}, days(0)),
        ("credit_limit", {"balance": Decimal(-90), "credit_limit": Decimal(100), "daily_burn": Decimal(2)}, days(5)),
    ],
)
def test_when_the_limit_comes(kind: str, known: dict[str, object], on: date) -> None:
    assert KINDS[kind].check(CardFacts(now=NOW, **known), BY_KIND[kind]).limit_at.date() == on


@pytest.mark.parametrize(
    ("called", "severity", "action"), [(160, "warn", "warn"), (199, "warn", "warn"), (200, "high", "block")]
)
def test_before_the_limit_severity_and_action_are_milder(called: int, severity: str, action: str) -> None:
    found = KINDS["daily_out_calls"].check(CardFacts(now=NOW, calls_today=called), BY_KIND["daily_out_calls"])
    assert (found.severity, found.action) == (severity, action)


@pytest.mark.parametrize(
    ("registrant", "action", "code"), [("company", "warn", "user_match"), ("person", "block", "user_match_person")]
)
def test_lending_a_persons_card_blocks_where_a_company_card_warns(registrant: str, action: str, code: str) -> None:
    """R74, X7; 反电信网络诈骗法 art. 31."""
    facts = CardFacts(now=NOW, user_matches=False, registrant_kind=registrant)
    found = KINDS["user_match"].check(facts, BY_KIND["user_match"])
    assert (found.action, found.code) == (action, code)


def test_a_balance_rule_may_count_yuan() -> None:
    yuan = changed("low_balance", unit="CNY", warn=Decimal(20), limit=Decimal(10))
    assert KINDS["low_balance"].check(CardFacts(now=NOW, balance=Decimal("20.01")), yuan) is None
    assert KINDS["low_balance"].check(CardFacts(now=NOW, balance=Decimal(10)), yuan).code == "low_balance_cny"


def test_phone_changes_within_thirty_days() -> None:
    """R33: changes of phone are counted over a window."""
    month = changed("imei_change", window="30d")
    facts = CardFacts(now=NOW, imei_changes_7d=0, imei_changes_30d=3)
    assert KINDS["imei_change"].check(facts, month).is_reached


def test_find_asks_each_rule_once_and_blocked_says_what_is_forbidden() -> None:
    facts = CardFacts(now=NOW, calls_today=200, most_to_one_24h=3, real_name_state="invalid", complaints_30d=2)
    found = find(facts, BY_KIND.values())
    assert {finding.kind for finding in found} == {"daily_out_calls", "callee_repeat", "real_name", "complaints"}
    assert [finding.kind for finding in blocked(found, "issue")] == ["real_name"]
    assert {finding.kind for finding in blocked(found, "call")} == {"daily_out_calls", "real_name"}
    assert [finding.kind for finding in blocked(found, "callee")] == ["callee_repeat"]


def test_what_a_short_call_is_may_be_set():
    """R37: the same calls, judged at 10 and at 5 seconds."""
    facts = CardFacts(now=NOW, short_calls_today={5: 15, 10: 21, 15: 30, 30: 30}, answered_today=30)
    found = KINDS["short_call_ratio"].check(facts, changed("short_call_ratio", params={"shorter_than": 5}))
    assert (found.params["short"], found.params["seconds"]) == (15, 5)
