"""A plan's dated prices, and what of a call they charge (R5, R27, R48, R81)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cardfleet.kernel.money import ZERO
from cards.choices.plan import Proration

SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a plan costs from a day on until another, not included (None: open). CNY; included is a month's."""

    effective_from: date
    effective_to: date | None = None
    monthly_fee: Decimal = ZERO
    minimum_spend: Decimal = ZERO
    included_minutes: int = 0
    included_sms: int = 0
    included_data_mb: int = 0
    minute_price: Decimal = ZERO
    incoming_price: Decimal = ZERO
    rounding_s: int = SECONDS
    least_s: int = 0
    sms_price: Decimal = ZERO
    data_price_mb: Decimal = ZERO
    first_month: str = Proration.WHOLE
    last_month: str = Proration.WHOLE
    changed: str = Proration.DAYS
    stopped: str = Proration.WHOLE
    voluntary_stop_fee: Decimal | None = ZERO

    def holds_on(self, day: date) -> bool:
        """Whether the price is in force on a day."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


def price_on(prices: Iterable[Price], day: date) -> Price | None:
    """Return the price in force on a day; of two, the later start."""
    in_force = [price for price in prices if price.holds_on(day)]
    return max(in_force, key=lambda price: price.effective_from, default=None)


def price_of_term(prices: Iterable[Price], starts: date, ends: date) -> Price | None:
    """Return the price whose fee and bundle hold in [starts, ends): that of the first day, else the first after it."""
    known = [price for price in prices if price.effective_from < ends and (price.effective_to or ends) > starts]
    return min(known, key=lambda price: price.effective_from, default=None)


def billed_seconds(price: Price, duration_s: int) -> int:
    """Return what is charged of a call: whole steps, at least the least; nothing of a call nobody answered."""
    if duration_s <= 0:
        return 0
    return max(price.least_s, -(-duration_s // price.rounding_s) * price.rounding_s)
