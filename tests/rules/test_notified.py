"""The notified-number rate: periods and per cents."""

from datetime import date
from decimal import Decimal

import pytest

from lifecycle.rules.notified import notified_rate, period_of


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 25), date(2026, 10, 26), date(2026, 11, 25)),
        (date(2026, 11, 26), date(2026, 11, 26), date(2026, 12, 25)),
        (date(2026, 1, 1), date(2025, 12, 26), date(2026, 1, 25)),
        (date(2026, 12, 31), date(2026, 12, 26), date(2027, 1, 25)),
    ],
)
def test_a_period_runs_from_the_26th_to_the_25th(day, first, last):
    """R35: 华翔联信 annex cl. 4."""
    assert period_of(day) == (first, last)


@pytest.mark.parametrize(
    ("notified", "calling", "rate"),
    [
        (0, 0, None),
        (1, 0, Decimal(100)),
        (0, 10, Decimal("0.00")),
        (1, 200, Decimal("0.50")),
        (1, 333, Decimal("0.30")),
    ],
)
def test_the_rate_is_in_per_cent(notified, calling, rate):
    """R35: notified numbers over numbers that called."""
    assert notified_rate(notified, calling) == rate
