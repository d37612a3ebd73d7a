"""What an account owes, and when its carrier stops the card for it (R6, R36; 电信条例 art. 34; the carrier's terms).

A prepaid number stops when its money falls below the carrier's line. A postpaid one owes a month's charges from the
due day of the following month on, and stops so many days after that.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.rules.runway import Money, arrears, available
from cardfleet.kernel.clock import month_start
from cards.choices import Payment
from cards.rules.carrier_terms import CarrierTerms, arrears_clock, due_on


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """An account on a Shanghai day, CNY. Charges are positive and of this and the last month.

    `stopped_on` is the day on which the carrier stopped the card for money, None while it has not.
    """

    today: date
    payment: str
    balance: Decimal
    credit_limit: Decimal
    charges_this_month: Decimal
    charges_last_month: Decimal
    terms: CarrierTerms
    stopped_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Debt:
    """What is overdue: CNY, since when, and what follows by the carrier's terms. Prepaid debts are due at once."""

    amount: Decimal
    due_on: date
    days: int
    stop_on: date
    ends_on: date


def debt(account: AccountFacts) -> Debt | None:
    """Return what an account owes and is due, or None."""
    if account.payment == Payment.PREPAID:
        return _prepaid(account)
    return _postpaid(account)


def _prepaid(account: AccountFacts) -> Debt | None:
    left = available(Money(balance=account.balance, credit_limit=account.credit_limit))
    if left >= account.terms.stop_below:
        return None
    return _debt(account, amount=account.terms.stop_below - left, due=account.today, stop_on=account.today)


def _postpaid(account: AccountFacts) -> Debt | None:
    last = month_start(date.fromordinal(month_start(account.today).toordinal() - 1))
    before = month_start(date.fromordinal(last.toordinal() - 1))
    older = -(account.balance + account.charges_this_month + account.charges_last_month)
    owed_of_last = -(account.balance + account.charges_this_month)
    for month, owed in ((before, older), (last, owed_of_last)):
        due = due_on(account.terms, month)
        if arrears(owed=owed, due_on=due, today=account.today):
            return _debt(account, amount=owed, due=due)
    return None


def _debt(account: AccountFacts, *, amount: Decimal, due: date, stop_on: date | None = None) -> Debt:
    clock = arrears_clock(account.terms, due=due, stopped_on=account.stopped_on or stop_on)
    return Debt(
        amount=amount,
        due_on=due,
        days=(account.today - due).days,
        stop_on=clock.stop.on if clock.stop else due,
        ends_on=clock.terminate.on if clock.terminate else due,
    )
