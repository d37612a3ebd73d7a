"""What kind of day it is: a table."""

from datetime import date

import pytest

from lifecycle.rules.days import day_type


@pytest.mark.parametrize(
    ("day", "listed", "kind", "is_rest"),
    [
        (date(2026, 11, 20), None, "workday", False),
        (date(2026, 11, 21), None, "weekend", True),
        (date(2026, 10, 1), ("holiday", "国庆节"), "holiday", True),
        (date(2026, 10, 10), ("workday", "国庆节"), "workday", False),
    ],
)
def test_the_calendar_goes_before_the_weekday(day, listed, kind, is_rest):
    """R31: public holidays rest, weekend days worked for them do not."""
    found = day_type(day, listed=listed, is_known=True)
    assert (found.kind, found.is_rest, found.is_known) == (kind, is_rest, True)


def test_a_year_without_a_calendar_goes_by_its_weekdays_and_says_so():
    found = day_type(date(2030, 10, 1), listed=None, is_known=False)
    assert (found.kind, found.is_known) == ("workday", False)
