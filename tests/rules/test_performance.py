"""Targets split, calls marked, use out of hours flagged (R58, R59, R60, R69, R112)."""

import pytest

from agents.rules.scripts import lacks
from agents.rules.targets import difference, split_whole
from lifecycle.rules.checked_calls import Heard, is_used_privately, lacking

FINE = {"courtesy": 5, "accuracy": 5, "no_pressure": True, "identity_stated": True, "opt_out_offered": True}


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1], [50, 50]),
        (10, [1, 1, 1], [4, 3, 3]),
        (7, [3, 1], [5, 2]),
        (5, [0, 2], [0, 5]),
        (5, [], []),
        (5, [0, 0], [0, 0]),
    ],
)
def test_a_target_is_split_without_losing_one(total, weights, parts):
    assert split_whole(total, weights) == parts


@pytest.mark.parametrize(
    ("value", "parts", "by"),
    [
        (100, [60, 40], 0),
        (100, [60, None], -40),
        (100, [80, 40], 20),
        (None, [1], None),
        (5, [None], None),
        (5, [], None),
    ],
)
def test_what_a_split_lacks_is_shown(value, parts, by):
    assert difference(value, parts) == by


@pytest.mark.parametrize(
    ("changes", "points", "is_faulty"),
    [
        ({}, 100, False),
        ({"courtesy": 3, "accuracy": 3}, 84, False),
        ({"courtesy": 2}, 88, True),
        ({"opt_out_offered": False}, 80, True),
        (
            {"courtesy": 1, "accuracy": 1, "no_pressure": False, "identity_stated": False, "opt_out_offered": False},
            8,
            True,
        ),
    ],
)
def test_a_call_is_marked_by_five_things(changes, points, is_faulty):
    heard = Heard(**FINE | changes)
    assert (heard.points, heard.is_faulty) == (points, is_faulty)


@pytest.mark.parametrize(
    ("heard", "said", "codes"),
    [
        ({}, {}, []),
        ({"no_pressure": False}, {}, ["category_missing"]),
        ({"no_pressure": False}, {"category": "pressure"}, []),
        ({"courtesy": 6}, {}, ["mark_range"]),
        ({}, {"satisfaction": 0}, ["mark_range"]),
        ({}, {"refused": True}, ["number_missing"]),
        ({}, {"refused": True, "number": "13800001111"}, []),
    ],
)
def test_what_a_check_leaves_open_is_named(heard, said, codes):
    given = {"category": "", "satisfaction": None, "refused": False, "number": ""} | said
    assert [reason.code for reason in lacking(Heard(**FINE | heard), **given)] == codes


@pytest.mark.parametrize(
    ("calls", "outside", "flagged"),
    [(1000, 9, False), (1000, 49, False), (1000, 50, True), (100, 10, True), (0, 0, False)],
)
def test_use_out_of_hours_is_flagged_where_it_is_much(calls, outside, flagged):
    """R112: both a number and a share; times alone are counted."""
    assert is_used_privately(calls=calls, outside=outside) is flagged


def test_a_script_says_who_calls_and_how_to_refuse():
    """R59: 广告法 art. 43."""
    assert [reason.code for reason in lacks(states_identity=False, offers_opt_out=False)] == [
        "identity_missing",
        "opt_out_missing",
    ]
    assert list(lacks(states_identity=True, offers_opt_out=True)) == []
