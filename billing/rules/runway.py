"""How long the money lasts and what is overdue (R6, R29, R36; 电信条例 art. 34)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from cardfleet.kernel.money import ZERO, to_fen

STATUTORY_LATE_FEE = Decimal(3)
DAYS_A_MONTH = 30
FARTHEST_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class Money:
    """One account at a moment, CNY: `balance` may be negative, `credit_limit` may be owed (0: prepaid)."""

    balance: Decimal
    credit_limit: Decimal = ZERO
    daily_burn: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Arrears:
    """What is overdue: CNY, since when, how many days, and the late fee so far."""

    amount: Decimal
    due_on: date
    days: int
    late_fee: Decimal


def daily_burn(*, charges: Decimal, days: int, monthly_fee: Decimal = ZERO) -> Decimal | None:
    """Return CNY a day: the mean of usage charges over `days`, and a thirtieth of the monthly fee.

    None when there is no day to take a mean of.
    """
    if days < 1:
        return None
    return to_fen(charges / days + monthly_fee / DAYS_A_MONTH)


def available(money: Money) -> Decimal:
    """Return what can still be spent before the carrier stops the card."""
    return money.balance + money.credit_limit


def runway_days(money: Money) -> int | None:
    """Return the whole days the money lasts: 0 when it is spent, None when burn is nil or unknown."""
    left = available(money)
    if left <= 0:
        return 0
    if not money.daily_burn or money.daily_burn < 0:
        return None
    return min(int((left / money.daily_burn).to_integral_value(rounding=ROUND_FLOOR)), FARTHEST_DAYS)


def runs_out_on(money: Money, *, today: date) -> date | None:
    """Return the day on which the money ends at the present pace."""
    days = runway_days(money)
    return None if days is None else today + timedelta(days=days)


def credit_used(money: Money) -> Decimal | None:
    """Return the per cent of the credit limit that is used; None without a limit."""
    if money.credit_limit <= 0:
        return None
    return to_fen(max(-money.balance, ZERO) / money.credit_limit * 100)


def late_fee(amount: Decimal, *, days: int, per_mille: Decimal = STATUTORY_LATE_FEE) -> Decimal:
    """Return CNY: per mille a day of what is overdue; 3 by 电信条例 art. 34, contracts may differ."""
    return to_fen(amount * per_mille * max(days, 0) / 1000)


def arrears(*, owed: Decimal, due_on: date, today: date, per_mille: Decimal = STATUTORY_LATE_FEE) -> Arrears | None:
    """Return what is overdue on a day, or None when nothing is owed or the due day has not passed."""
    days = (today - due_on).days
    if owed <= 0 or days < 1:
        return None
    fee = late_fee(owed, days=days, per_mille=per_mille)
    return Arrears(amount=owed, due_on=due_on, days=days, late_fee=fee)
