"""Budgets: marks, forecasts and what-if, worked by hand (R5, R66)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.rules import budgets
from billing.rules.budgets import Base, Change, Spent

NOV = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("used", "marks"), [("0", []), ("799.99", []), ("800", [80]), ("999.99", [80]), ("1000", [80, 100]), ("-5", [])]
)
def test_marks_are_reached_at_80_and_100(used, marks):
    assert budgets.marks_reached(Decimal(used), Decimal(1000)) == marks


@pytest.mark.parametrize(
    ("month", "today", "forecast"),
    [
        (NOV, date(2026, 11, 15), "400"),  # 200 of fees stay, 100 of calls in half a month become 200
        (NOV, date(2026, 11, 30), "300"),
        (date(2026, 10, 1), date(2026, 11, 15), "300"),
    ],
)
def test_a_month_is_told_ahead_by_its_calls(month, today, forecast):
    spent = Spent(total=Decimal(300), calls=Decimal(100))
    assert budgets.month_forecast(spent, month=month, today=today) == Decimal(forecast)


@pytest.mark.parametrize(
    ("today", "forecast"), [("2026-11-20", "1200"), ("2026-12-31", "1100"), ("2026-01-02", "2200")]
)
def test_a_year_goes_on_as_this_month(today, forecast):
    told = budgets.year_forecast(before=Decimal(1000), month=Decimal(100), today=date.fromisoformat(today))
    assert told == Decimal(forecast)


BASE = Base(cards=10, fees=Decimal(290), calls=Decimal(100), other=Decimal(5))


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (Change(), (10, "290", "100", "5")),
        (Change(cards=5, fee=Decimal(39)), (15, "485", "150", "5")),
        (Change(cards=-4, fee=Decimal(29)), (6, "174", "60", "5")),
        (Change(cards=-40, fee=Decimal(29)), (0, "0", "0", "5")),
        (Change(price_percent=Decimal(10)), (10, "319", "110", "5")),
        (Change(calls_percent=Decimal(-50)), (10, "290", "50", "5")),
        (Change(price_percent=Decimal(10), calls_percent=Decimal(20)), (10, "319", "132", "5")),
    ],
)
def test_what_if(change, after):
    cards, *money = after
    then = budgets.what_if(BASE, change)
    assert (then.cards, then.fees, then.calls, then.other) == (cards, *map(Decimal, money))


def test_what_if_of_no_cards_knows_the_fee_alone():
    then = budgets.what_if(
        Base(cards=0, fees=Decimal(0), calls=Decimal(0), other=Decimal(0)), Change(cards=2, fee=Decimal(9))
    )
    assert then.total == Decimal(18)
