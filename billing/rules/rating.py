"""What one call costs by the plan's dated prices (R5, R27, R48, R81).

Bundle minutes belong to the month and the account, so they are taken off elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cardfleet.kernel.money import ZERO, to_fen


@dataclass(frozen=True, kw_only=True)
class CallPrice:
    """CNY a started minute from a day on, until the day before `effective_to` (None: open)."""

    effective_from: date
    effective_to: date | None = None
    out_per_minute: Decimal
    in_per_minute: Decimal = ZERO

    def holds_on(self, day: date) -> bool:
        """Whether the price is in force on a day."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


def price_on(prices: Iterable[CallPrice], day: date) -> CallPrice | None:
    """Return the price in force on a day; of two, the later start."""
    in_force = [price for price in prices if price.holds_on(day)]
    return max(in_force, key=lambda price: price.effective_from, default=None)


def billed_minutes(duration_s: int) -> int:
    """Return started minutes: 0 for an unanswered call, 1 for 1 to 60 seconds."""
    return -(-duration_s // 60)


def rate_call(price: CallPrice, *, direction: str, duration_s: int) -> Decimal:
    """Return CNY to the fen for one call."""
    per_minute = price.out_per_minute if direction == "out" else price.in_per_minute
    return to_fen(per_minute * billed_minutes(duration_s))
