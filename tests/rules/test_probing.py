"""Rules that cannot be applied are noticed before they are stored."""

from dataclasses import replace

import pytest

from cards.rules.scope import RuleTerms
from lifecycle.rules.probing import unusable
from lifecycle.rules.terms import wrong_terms
from tests.rules.terms import BY_KIND


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_every_default_can_be_applied(kind):
    """R2: an administrator may start from each."""
    assert unusable(BY_KIND[kind]) is None


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("call_window", {"allowed": [["9 o'clock", "12:00"]]}),
        ("call_window", {"allowed": ["09:00"]}),
        ("call_window", {"allowed": [["09:00", "12:00"]], "blocked": [["21:00"]]}),
        ("call_window", []),
        ("short_call_ratio", {"least_calls": "many"}),
        ("short_call_ratio", {"shorter_than": 12}),
        ("new_card_cap", {"first_days": [7]}),
        ("industry_ban", {"industries": 3}),
    ],
)
def test_values_of_another_shape_are_refused(kind, params):
    reason = unusable(replace(BY_KIND[kind], params=params))
    assert reason is not None
    assert (reason.code, reason.field) == ("params_unusable", "params")


def test_an_unknown_kind_is_refused():
    reason = unusable(RuleTerms(kind="weather", severity="warn"))
    assert reason is not None
    assert reason.field == "kind"


def test_a_kind_that_forbids_nothing_cannot_block():
    """R2: an action has its effect, or is refused."""
    (reason,) = wrong_terms(replace(BY_KIND["idle_days"], action="block"))
    assert (reason.code, reason.field) == ("action_without_effect", "action")
    assert not wrong_terms(replace(BY_KIND["burst"], action="block"))
