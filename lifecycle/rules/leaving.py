"""What leaving a contract costs on a day, and on which day it costs least (R94, R103)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cardfleet.kernel.money import ZERO, to_fen
from cards.rules.carrier_terms import Penalty, months_left, penalty


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What binds a card: the contract's penalty terms and last day (None: none), and the fee of a month, CNY."""

    monthly_fee: Decimal = ZERO
    ends_on: date | None = None
    penalty_fixed: Decimal = ZERO
    penalty_share: Decimal = ZERO

    def holds(self, on: date) -> bool:
        """Whether leaving on a day falls within the term."""
        return months_left(self.ends_on, on) > 0


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Leaving on a day: the penalty, and the fees of the months begun until then beyond the present one, CNY."""

    on: date
    penalty: Penalty
    rent: Decimal

    @property
    def total(self) -> Decimal:
        """What it costs from today on."""
        return self.penalty.amount + self.rent


def leave(lock: Lock, *, today: date, on: date) -> Leaving:
    """Return what leaving on a day, today or later, costs. The present month's fee is due whenever one leaves."""
    months = (on.year - today.year) * 12 + on.month - today.month
    due = penalty(
        fixed=lock.penalty_fixed,
        share=lock.penalty_share,
        monthly_fee=lock.monthly_fee,
        ends_on=lock.ends_on,
        leaves_on=on,
    )
    return Leaving(on=on, penalty=due, rent=to_fen(lock.monthly_fee * months))


def cheapest(lock: Lock, *, today: date) -> Leaving:
    """Return the day on which leaving costs least, the earliest of equals; today where nothing binds."""
    return min((leave(lock, today=today, on=day) for day in _turns(lock, today)), key=lambda one: (one.total, one.on))


def _turns(lock: Lock, today: date) -> Iterator[date]:
    """Yield today and each later day on which the penalty falls: between two of them waiting never saves anything."""
    yield today
    if lock.ends_on is None or not lock.holds(today):
        return
    before, day = months_left(lock.ends_on, today), today
    while day <= lock.ends_on:
        day += timedelta(days=1)
        now = months_left(lock.ends_on, day)
        if now < before:
            before = now
            yield day
