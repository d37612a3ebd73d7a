"""May this callee be called now: a table."""

from dataclasses import replace

import pytest

from cards.rules.scope import Choice
from lifecycle.rules.allowance import Allowance
from lifecycle.rules.callee import CalleeFacts, with_callee
from lifecycle.rules.days import DayType
from tests.rules.terms import BY_KIND

MAY = Allowance(reasons=(), today=None, hour=None, hours="", day=DayType(kind="workday"))
AGREED = CalleeFacts(purpose="sales", do_not_call=False, consent=True, calls_24h=0, calls_30d=0)


def warning(kind: str) -> dict[str, Choice]:
    """Return the default rules, one of which only warns."""
    return {
        name: Choice(replace(terms, action="warn") if name == kind else terms, "") for name, terms in BY_KIND.items()
    }


RULES = warning("none")


def asked(rules=RULES, **change) -> list[str]:
    return [reason.code for reason in with_callee(MAY, replace(AGREED, **change), rules).reasons]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"calls_24h": 2, "calls_30d": 9}, []),
        ({"do_not_call": True, "consent": False}, ["do_not_call"]),
        ({"do_not_call": True, "consent": False, "purpose": "service"}, ["do_not_call"]),
        ({"consent": False}, ["no_consent"]),
        ({"consent": False, "purpose": "research"}, ["no_consent"]),
        ({"consent": False, "purpose": "service"}, []),
        ({"calls_24h": 3}, ["callee_repeat"]),
        ({"calls_30d": 10}, ["callee_repeat_30d"]),
        ({"calls_24h": 5, "calls_30d": 12, "consent": False}, ["no_consent", "callee_repeat", "callee_repeat_30d"]),
    ],
)
def test_what_forbids_calling_somebody_is_named(change, codes):
    """R40, R57, R60, X11: refusal, missing consent and repeats forbid a call; each is named."""
    assert asked(**change) == codes


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("dnc", {"do_not_call": True}),
        ("consent", {"consent": False}),
        ("callee_repeat", {"calls_24h": 9}),
        ("callee_repeat_30d", {"calls_30d": 20}),
    ],
)
def test_a_rule_that_only_warns_forbids_nothing(kind, change):
    assert asked(**change) != []
    assert asked(warning(kind), **change) == []


def test_what_is_left_for_the_callee():
    """R40: the calls still possible are told; nothing names another card."""
    may = with_callee(MAY, replace(AGREED, calls_24h=1, calls_30d=4), RULES)
    assert (may.callee.day.left, may.callee.month.left, may.callee.consent) == (2, 6, True)
