"""The clocks of steps: hours run on, working days end with a working day (design section 6; R32, R45, R97)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cardfleet.kernel.clock import business_day, day_start
from lifecycle.choices import ClockUnit, DayKind
from lifecycle.rules.days import day_type

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """The calendar by which days count: what is listed, and the years of which anything is."""

    listed: Mapping[date, tuple[str, str]] = field(default_factory=dict)
    years: Collection[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether people work; a year that is not covered goes by its weekdays."""
        kind = day_type(day, listed=self.listed.get(day), is_known=day.year in self.years).kind
        return kind == DayKind.WORKDAY

    def after(self, day: date, count: int) -> date:
        """Return the so-manieth working day after a day."""
        while count:
            day += A_DAY
            count -= self.is_working(day)
        return day

    def uncovered(self, first: date, last: date) -> list[int]:
        """Return the years from one day to another that are counted by weekdays only."""
        return [year for year in range(first.year, last.year + 1) if year not in self.years]


def due_at(start: datetime, amount: int, unit: str, *, days: WorkingDays) -> datetime | None:
    """Return when a clock that began at a moment runs out; None without a clock.

    Hours run day and night. Working days are counted from the day after, and the last one counts to its end
    (midnight in Shanghai).
    """
    if not amount:
        return None
    if unit == ClockUnit.HOURS:
        return start + timedelta(hours=amount)
    return day_start(days.after(business_day(start), amount) + A_DAY)
