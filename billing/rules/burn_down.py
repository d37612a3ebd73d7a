"""How fast the money of an account goes, weekday by weekday, and when it ends (R29)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cardfleet.kernel.money import ZERO, to_fen

LOOKED_BACK = 30
LATELY = 7
FARTHEST = 90


@dataclass(frozen=True, kw_only=True)
class BurnDown:
    """What is left at the end of each day from `today` on, CNY; `ends_on` is the first on which nothing is.

    `by_weekday` is what a Monday, Tuesday, ... costs in calls.
    """

    by_weekday: Sequence[Decimal]
    left: Sequence[tuple[date, Decimal]]
    ends_on: date | None

    @property
    def mean(self) -> Decimal:
        """What a day costs in calls, CNY."""
        return to_fen(sum(self.by_weekday, ZERO) / 7)


def weekday_burns(costs: Mapping[date, Decimal], *, today: date) -> list[Decimal]:
    """Return what calls of a Monday, Tuesday, ... cost: half the mean of its days in 30, half its day of the last 7.

    `costs` are by day, CNY; a day that is not in it cost nothing, and today is not over.
    """
    burns = [ZERO] * 7
    for weekday in range(7):
        days = [day for day in _days_before(today, LOOKED_BACK) if day.weekday() == weekday]
        last = next(day for day in _days_before(today, LATELY) if day.weekday() == weekday)
        mean = sum((costs.get(day, ZERO) for day in days), ZERO) / len(days)
        burns[weekday] = to_fen((mean + costs.get(last, ZERO)) / 2)
    return burns


def burn_down(
    available: Decimal, costs: Mapping[date, Decimal], *, today: date, monthly_fees: Decimal = ZERO
) -> BurnDown:
    """Return how what can still be spent goes down: calls by weekday, and the monthly fees on each first of a month."""
    burns = weekday_burns(costs, today=today)
    left, ends_on, days = available, None, []
    for day in (today + timedelta(days=number) for number in range(FARTHEST)):
        left -= burns[day.weekday()] + (monthly_fees if day.day == 1 else ZERO)
        days.append((day, left))
        if left <= ZERO:
            ends_on = day
            break
    return BurnDown(by_weekday=burns, left=days, ends_on=ends_on)


def _days_before(today: date, count: int) -> list[date]:
    return [today - timedelta(days=number) for number in range(1, count + 1)]
