"""How money came to one prepaid card, told from how it went and what is left. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal(0)
USUAL_TOP_UP = Decimal(100)
LOWEST = Decimal(18)
LEAST_OPENING = Decimal(12)


@dataclass(frozen=True, kw_only=True)
class Purse:
    """What was there at first, and the day of each top-up of 100 CNY."""

    opening: Decimal
    top_ups: tuple[date, ...]

    def income(self) -> dict[date, Decimal]:
        """Return the money paid in by day."""
        return {day: USUAL_TOP_UP * self.top_ups.count(day) for day in self.top_ups}


def fill(*, spent: Mapping[date, Decimal], left: Decimal, first: date, last: date, forgotten: bool) -> Purse:
    """Return the purse from which `spent` (CNY by day) was paid from `first` to `last` so that `left` remains.

    A top-up comes on the day the balance falls below 18 CNY; those not needed for that come evenly, before the end.
    A forgotten card is never topped up: all was there at first.
    """
    total = sum(spent.values(), ZERO) + left
    if forgotten:
        return Purse(opening=total, top_ups=())
    count = max(0, int((total - LEAST_OPENING) // USUAL_TOP_UP))
    opening = total - count * USUAL_TOP_UP
    days: list[date] = []
    balance = opening
    for ago in range((last - first).days, 0, -1):
        day = last - timedelta(days=ago)
        balance -= spent.get(day, ZERO)
        if balance < LOWEST and len(days) < count:
            days.append(day)
            balance += USUAL_TOP_UP
    rest = count - len(days)
    step = max((last - first).days // (rest + 1), 1)
    days += [max(first, last - timedelta(days=step * (number + 1))) for number in range(rest)]
    return Purse(opening=opening, top_ups=tuple(sorted(days)))
