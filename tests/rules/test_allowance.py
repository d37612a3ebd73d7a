"""May a card call now, and how often still: a table."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from cardfleet.kernel.clock import SHANGHAI
from cards.rules.scope import Choice
from lifecycle.rules.allowance import Allowance, Standing, allowance
from lifecycle.rules.days import DayType
from lifecycle.rules.facts import CardFacts
from tests.rules.terms import BY_KIND

HALF_PAST_TEN = datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI)
FACTS = CardFacts(now=HALF_PAST_TEN, service_state="active", real_name_state="valid", calls_today=28, calls_last_hour=8)
RULES = {kind: Choice(terms, "") for kind, terms in BY_KIND.items()}
IN_USE = Standing(accepted=True)
WORKDAY, NATIONAL_DAY = DayType(kind="workday"), DayType(kind="holiday", name="国庆节")


def reasons(facts: CardFacts = FACTS, standing: Standing = IN_USE, rules=RULES, day=WORKDAY, **asked) -> list[str]:
    return [reason.code for reason in allowance(facts, rules, standing, day=day, **asked).reasons]


def test_a_card_in_use_within_hours_and_caps_may_call():
    """R31: allowed, with what is left of the hour and of the day."""
    may: Allowance = allowance(FACTS, RULES, IN_USE, day=WORKDAY)
    assert may.allowed
    assert (may.hour.left, may.today.left, may.today.warn) == (52, 172, 160)
    assert may.hours == "09:00-12:00, 14:00-20:00"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"service_state": "half_stop"}, "not_in_service"),
        ({"calls_today": 200}, "daily_cap"),
        ({"calls_today": 205}, "daily_cap"),
        ({"calls_last_hour": 60}, "hourly_cap"),
        ({"now": HALF_PAST_TEN.replace(hour=12, minute=30)}, "outside_hours"),
        ({"now": HALF_PAST_TEN.replace(hour=22)}, "outside_hours"),
        ({"real_name_state": "invalid"}, "real_name"),
    ],
)
def test_what_forbids_a_call_is_named(change, code):
    """X11: R31, R86, X3: caps refuse, whatever a seller claims; nothing suggests another card."""
    assert reasons(replace(FACTS, **change)) == [code]


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing(accepted=None, custody_state="in_stock"), "not_issued"),
        (Standing(accepted=False), "not_accepted"),
        (Standing(accepted=True, custody_state="resting"), "not_in_use"),
        (Standing(accepted=True, custody_state="missing"), "not_in_use"),
        (Standing(accepted=True, direction="inbound"), "inbound_only"),
        (Standing(accepted=True, hours_from=time(13), hours_to=time(18)), "outside_card_hours"),
        (Standing(accepted=True, hours_to=time(10, 30)), "outside_card_hours"),
    ],
)
def test_what_the_card_was_given_for_counts(standing, code):
    """R12, R49: permissions of the card itself, hours among them."""
    assert reasons(standing=standing) == [code]


@pytest.mark.parametrize(("kind", "change"), [("daily_out_calls", {"calls_today": 300}), ("call_window", {})])
def test_a_rule_that_only_warns_forbids_nothing(kind, change):
    late = replace(FACTS, **change) if change else replace(FACTS, now=HALF_PAST_TEN.replace(hour=22))
    milder = {**RULES, kind: Choice(replace(BY_KIND[kind], action="warn"), "")}
    assert reasons(late, rules=milder) == []


def test_without_rules_nothing_is_counted():
    may = allowance(FACTS, {}, IN_USE, day=WORKDAY)
    assert (may.allowed, may.today, may.hour, may.hours) == (True, None, None, "")


def test_the_pace_says_when_the_day_is_used_up():
    """R31: 50 calls in an hour and a half make 200 at three o'clock."""
    hours = tuple(50 if hour == 9 else 0 for hour in range(24))
    may = allowance(replace(FACTS, calls_today=50, hours_today=hours), RULES, IN_USE, day=WORKDAY)
    assert may.runs_out_at == HALF_PAST_TEN.replace(hour=15, minute=0)


@pytest.mark.parametrize(("action", "expected"), [("warn", []), ("block", ["holiday"])])
def test_a_day_of_rest_refuses_where_its_rule_blocks(action, expected):
    """R31: the day's type is said either way."""
    rules = {**RULES, "holiday": Choice(replace(BY_KIND["holiday"], action=action), "")}
    assert reasons(rules=rules, day=NATIONAL_DAY) == expected
    assert allowance(FACTS, rules, IN_USE, day=NATIONAL_DAY).day.name == "国庆节"


@pytest.mark.parametrize(("purpose", "expected"), [("", []), ("sales", []), ("research", ["other_purpose"])])
def test_a_card_calls_for_its_own_purpose_only(purpose, expected):
    """R3, R98: what the card was declared for."""
    assert reasons(purpose=purpose) == expected


@pytest.mark.parametrize(
    ("broken", "expected"),
    [({"call_window"}, ["rule_unreadable"]), ({"holiday"}, ["rule_unreadable"]), ({"validity"}, [])],
)
def test_a_rule_that_cannot_be_read_refuses(broken, expected):
    """R31: nobody knows what it would have forbidden; rules that never forbid a call do not count."""
    assert reasons(broken=broken) == expected
