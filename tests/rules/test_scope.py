"""The most specific rule wins (design section 6; R2)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.rules.scope import Choice, RuleTerms, Scope, as_agreed, choose, explain

TODAY = date(2026, 11, 22)
CARD = Scope(card=7, plan=3, carrier=1, region="上海", industry="insurance")


def rule(limit: int, *, kind: str = "daily_out_calls", **fields: object) -> RuleTerms:
    scope = Scope(**{part: fields.pop(part) for part in list(fields) if part in Scope.__annotations__})
    return RuleTerms(kind=kind, severity="high", limit=Decimal(limit), scope=scope, **fields)


def chosen(*rules: RuleTerms, card: Scope = CARD, day: date = TODAY) -> int | None:
    choice: Choice | None = choose(rules, card, day=day).get("daily_out_calls")
    return None if choice is None else int(choice.terms.limit)


GENERAL = rule(200)
LADDER = [
    GENERAL,
    rule(190, industry="insurance"),
    rule(180, region="上海"),
    rule(170, region="上海", industry="insurance"),
    rule(160, carrier=1),
    rule(150, carrier=1, region="上海"),
    rule(140, plan=3),
    rule(130, plan=3, carrier=1),
    rule(120, card=7),
]


@pytest.mark.parametrize("length", range(1, len(LADDER) + 1))
def test_the_more_specific_rule_wins(length: int) -> None:
    """R113: national rules, and regional ones that win over them."""
    assert chosen(*LADDER[:length]) == int(LADDER[length - 1].limit)
    assert chosen(*reversed(LADDER[:length])) == int(LADDER[length - 1].limit)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"card": 8},
        {"plan": 4},
        {"carrier": 2},
        {"region": "北京"},
        {"industry": "retail"},
        {"carrier": 1, "region": "北京"},
    ],
)
def test_a_rule_for_something_else_does_not_hold(elsewhere: dict[str, object]) -> None:
    assert chosen(GENERAL, rule(10, **elsewhere)) == 200
    assert chosen(rule(10, **elsewhere)) is None


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2026, 10, 31), 200),
        (date(2026, 11, 1), 100),
        (date(2026, 11, 30), 100),
        (date(2026, 12, 1), 200),
    ],
)
def test_a_rule_holds_from_its_first_day_until_before_its_last(day: date, limit: int) -> None:
    """R2: rules are versioned with effective dates."""
    november = rule(100, carrier=1, effective_from=date(2026, 11, 1), effective_to=date(2026, 12, 1))
    assert chosen(GENERAL, november, day=day) == limit


def test_of_equals_the_later_start_wins_then_the_later_version() -> None:
    old, new = rule(100, effective_from=date(2026, 1, 1)), rule(90, effective_from=date(2026, 6, 1))
    assert chosen(new, old) == 90
    assert chosen(rule(100, version=2), rule(90, version=1)) == 100


def test_each_kind_is_chosen_by_itself() -> None:
    found = choose([GENERAL, rule(60, kind="hourly_out_calls", carrier=1)], CARD, day=TODAY)
    assert {kind: int(choice.terms.limit) for kind, choice in found.items()} == {
        "daily_out_calls": 200,
        "hourly_out_calls": 60,
    }


@pytest.mark.parametrize("terms", LADDER)
def test_the_choice_is_explained(terms: RuleTerms) -> None:
    assert explain(terms)


@given(st.permutations(LADDER))
def test_the_order_of_the_rules_does_not_matter(rules: list[RuleTerms]) -> None:
    assert chosen(*rules) == 120


@pytest.mark.parametrize(
    ("terms", "agreed", "limit", "warn"),
    [
        (rule(200, warn=Decimal(160)), 100, 100, 80),
        (rule(200), 100, 100, 80),
        (rule(200, warn=Decimal(160)), None, 200, 160),
        (rule(200, warn=Decimal(160), card=7), 100, 200, 160),
    ],
)
def test_the_signed_contract_beats_a_default(terms: RuleTerms, agreed: int | None, limit: int, warn: int) -> None:
    """2018 MIIT plan: contracts state call-frequency limits; the customer's own contract wins."""
    found = as_agreed(terms, agreed=agreed, source="合同 1")
    assert (int(found.limit), int(found.warn)) == (limit, warn)
    assert found.is_illustrative is (found.limit == terms.limit)
