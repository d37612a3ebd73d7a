"""The days of a demo: from the reference day backwards, and the moment up to which anything has happened."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cardfleet.kernel.clock import SHANGHAI

BOOKS_OPEN = time(8, 30)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """`on` is the reference day, `moment` the latest moment that has come, `days` how far back calls go."""

    on: date
    moment: datetime
    days: int

    def day(self, ago: int) -> date:
        """Return the day some days ago; a negative number lies ahead."""
        return self.on - timedelta(days=ago)

    def at(self, ago: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment some days ago, never one that has not come."""
        clock = time(hour, minute)
        return min(datetime.combine(self.day(ago), clock, tzinfo=SHANGHAI), self.moment)

    @property
    def opening(self) -> datetime:
        """When the company's spreadsheet was taken over: the morning of the first day."""
        return datetime.combine(self.day(self.days), BOOKS_OPEN, tzinfo=SHANGHAI)
