"""Calls of a day against the cap, hour by hour (R31)."""

from datetime import datetime

import pytest

from cardfleet.kernel.clock import SHANGHAI
from lifecycle.rules.pace import Span, cells, spans

HOURS = spans({"allowed": [["09:00", "12:00"], ["14:00", "20:00"]], "blocked": [["21:00", "09:00"]]})


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"allowed": [["09:00", "11:00"], ["14:00", "15:00"]]},
            [
                Span(first=9, last=9),
                Span(first=10, last=10),
                Span(first=11, last=13, is_shut=True),
                Span(first=14, last=14),
            ],
        ),
        ({"allowed": [["09:30", "10:30"]]}, [Span(first=9, last=9), Span(first=10, last=10)]),
    ],
)
def test_hours_outside_the_window_are_one_block(params, expected):
    assert list(spans(params)) == expected


def test_without_a_window_office_hours_are_shown():
    assert [span.first for span in spans({})] == list(range(9, 20))


@pytest.mark.parametrize(
    ("seen", "by_hour", "shares"),
    [
        # Half past ten: 30 of 200 in an hour and a half, so 20 an open hour from there on.
        ("10:30", {9: 20, 10: 10}, [10, 15, 30, None, 40, 50, 60, 70, 80, 90]),
        # In the pause nothing passes: three open hours so far.
        ("13:00", {9: 20, 10: 20, 11: 20}, [10, 20, 30, None, 40, 50, 60, 70, 80, 90]),
        # Too early for a pace.
        ("09:05", {9: 4}, [2, None, None, None, None, None, None, None, None, None]),
        # Calls before the window count.
        ("12:00", {8: 40, 9: 0}, [20, 20, 20, None, 27, 33, 40, 47, 53, 60]),
    ],
)
def test_forecast_is_the_mean_pace_of_the_open_hours(seen, by_hour, shares):
    hour, minute = map(int, seen.split(":"))
    calls = [by_hour.get(number, 0) for number in range(24)]
    moment = datetime(2026, 11, 20, hour, minute, tzinfo=SHANGHAI)
    found = cells(calls, cap=200, hours=HOURS, seen_until=moment)
    assert [cell.share for cell in found] == shares


def test_a_forecast_over_the_cap_is_red_and_levels_step():
    calls = [0] * 9 + [50, 50] + [0] * 13
    found = cells(calls, cap=100, hours=HOURS, seen_until=datetime(2026, 11, 20, 11, 0, tzinfo=SHANGHAI))
    assert [(cell.level, cell.is_forecast) for cell in found[:3]] == [(40, False), (100, False), (100, True)]
    assert found[-1].tone == "red"


def test_no_calls_known_means_no_forecast():
    assert {cell.share for cell in cells([0] * 24, cap=10, hours=HOURS, seen_until=None)} == {None}
