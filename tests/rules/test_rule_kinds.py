"""Every rule kind of domain.md section 3 at the edges of its default limits."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.kinds import KINDS, blocked, find
from tests.rules.table import NOW, TABLE, days
from tests.rules.terms import BY_KIND


def changed(kind: str, **changes: object) -> RuleTerms:
    return replace(BY_KIND[kind], **changes)


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
