"""The company's calling hours as a setting."""

import pytest

from billing.rules.windows import read_windows


def test_hours_are_read_as_seconds_of_the_day():
    assert read_windows("09:00-12:00, 14:00-20:30") == ((32_400, 43_200), (50_400, 73_800))
    assert read_windows("00:00-24:00") == ((0, 86_400),)


@pytest.mark.parametrize("text", ["", "09:00", "9-12", "12:00-09:00", "09:00-25:00"])
def test_what_is_no_hours_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        read_windows(text)
