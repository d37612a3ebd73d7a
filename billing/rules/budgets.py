"""How far a budget is used, what it comes to, and what a change would cost (R5, R66). Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.rules.forecast import month_end
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.money import ZERO, to_fen

MARKS = (80, 100)
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a month has cost so far, CNY: all of it, and of that the calls."""

    total: Decimal = ZERO
    calls: Decimal = ZERO

    def __add__(self, other: "Spent") -> "Spent":
        """Return both together."""
        return Spent(total=self.total + other.total, calls=self.calls + other.calls)


@dataclass(frozen=True, kw_only=True)
class Base:
    """A month as it will end without a change, CNY: fees, calls and the rest, of so many cards."""

    cards: int
    fees: Decimal
    calls: Decimal
    other: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.fees + self.calls + self.other


@dataclass(frozen=True, kw_only=True)
class Change:
    """What if: `cards` more (or fewer) on a plan of `fee` CNY a month; prices and calls by so many per cent."""

    cards: int = 0
    fee: Decimal = ZERO
    price_percent: Decimal = ZERO
    calls_percent: Decimal = ZERO


def per_cent(used: Decimal, amount: Decimal) -> int:
    """Return how much of a budget is used, in whole per cent, rounded down: 100 is said when all is used."""
    return int(used * HUNDRED // amount)


def marks_reached(used: Decimal, amount: Decimal) -> list[int]:
    """Return the marks (per cent) that are reached."""
    return [mark for mark in MARKS if per_cent(used, amount) >= mark]


def month_forecast(spent: Spent, *, month: date, today: date) -> Decimal:
    """Return CNY at the end of a month: what it cost where it is over, at the present pace where it runs."""
    if month_start(today) != month:
        return spent.total
    return month_end(so_far=spent.total, calls=spent.calls, today=today)


def year_forecast(*, before: Decimal, month: Decimal, today: date) -> Decimal:
    """Return CNY at the end of the year of `today`.

    `before` is what the months before this one cost, `month` this one's forecast; the months left cost as much.
    """
    return to_fen(before + month * (13 - today.month))


def what_if(base: Base, change: Change) -> Base:
    """Return a whole month after a change. Cards that come or go call as much as those there are do in the mean."""
    cards = max(base.cards + change.cards, 0)
    share = Decimal(cards) / base.cards if base.cards else Decimal(1)
    prices, calls = 1 + change.price_percent / HUNDRED, 1 + change.calls_percent / HUNDRED
    fees = max(base.fees + (cards - base.cards) * change.fee, ZERO)
    return Base(
        cards=cards,
        fees=to_fen(fees * prices),
        calls=to_fen(base.calls * share * prices * calls),
        other=base.other,
    )
