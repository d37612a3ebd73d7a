"""Runway and arrears (R6, R29, R36)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.rules import runway
from billing.rules.runway import Money


@pytest.mark.parametrize(
    ("balance", "limit", "burn", "days"),
    [
        ("10", "0", "3", 3),
        ("10", "20", "3", 10),
        ("0", "0", "3", 0),
        ("-5", "0", None, 0),
        ("-5", "10", "5", 1),
        ("10", "0", "0", None),
        ("10", "0", None, None),
        ("99999999", "0", "0.01", runway.FARTHEST_DAYS),
    ],
)
def test_runway(balance: str, limit: str, burn: str | None, days: int | None) -> None:
    """R29: burn-down days from balance and daily burn."""
    money = Money(
        balance=Decimal(balance),
        credit_limit=Decimal(limit),
        daily_burn=None if burn is None else Decimal(burn),
    )
    assert runway.runway_days(money) == days


def test_the_day_the_money_ends() -> None:
    money = Money(balance=Decimal(10), daily_burn=Decimal(3))
    assert runway.runs_out_on(money, today=date(2026, 11, 22)) == date(2026, 11, 25)
    assert runway.runs_out_on(Money(balance=Decimal(10)), today=date(2026, 11, 22)) is None


@pytest.mark.parametrize(
    ("balance", "limit", "used"), [("-80", "100", "80.00"), ("5", "100", "0.00"), ("-120", "100", "120.00")]
)
def test_credit_used(balance: str, limit: str, used: str) -> None:
    assert str(runway.credit_used(Money(balance=Decimal(balance), credit_limit=Decimal(limit)))) == used


def test_no_credit_limit_is_not_used_up() -> None:
    assert runway.credit_used(Money(balance=Decimal(-5))) is None


def test_daily_burn() -> None:
    assert runway.daily_burn(charges=Decimal(30), days=10, monthly_fee=Decimal(60)) == Decimal("5.00")
    assert runway.daily_burn(charges=Decimal(30), days=0) is None


@pytest.mark.parametrize(
    ("owed", "today", "days", "fee"),
    [
        ("100", date(2026, 11, 1), None, None),
        ("100", date(2026, 11, 2), 1, "0.30"),
        ("100", date(2026, 12, 1), 30, "9.00"),
        ("0", date(2026, 12, 1), None, None),
    ],
)
def test_arrears(owed: str, today: date, days: int | None, fee: str | None) -> None:
    """R36: the amount and age of what is overdue; 电信条例 art. 34: 3 per mille a day."""
    found = runway.arrears(owed=Decimal(owed), due_on=date(2026, 11, 1), today=today)
    assert (found.days if found else None) == days
    assert (str(found.late_fee) if found else None) == fee
