"""When a report is sent. Pure; times of day are Shanghai's."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.lists.choices import Every

SATURDAY = 6


@dataclass(frozen=True, kw_only=True)
class Slots:
    """A schedule. `weekday` (1 Monday to 7) counts for weekly ones, `day` (1 to 31) for monthly ones."""

    every: str
    weekday: int
    day: int
    at: time

    def falls_on(self, day: date) -> bool:
        """Tell whether it is sent on a day; a month without the day takes its last."""
        if self.every == Every.WEEK:
            return day.isoweekday() == self.weekday
        if self.every == Every.MONTH:
            return day.day == min(self.day, monthrange(day.year, day.month)[1])
        return self.every == Every.DAY or day.isoweekday() < SATURDAY

    def after(self, moment: datetime) -> datetime:
        """Return the first time after a moment: times that were missed are not made up one by one."""
        day = moment.astimezone(SHANGHAI).date()
        while True:
            slot = datetime.combine(day, self.at, tzinfo=SHANGHAI)
            if slot > moment and self.falls_on(day):
                return slot
            day += timedelta(days=1)
