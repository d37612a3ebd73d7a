"""What kind of day it is: public holidays, days worked for them, else what the weekday says."""

from dataclasses import dataclass
from datetime import date

from lifecycle.choices import CalendarKind, DayKind

SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class DayType:
    """A day's kind, with the holiday's name. `is_known`: the calendar of its year is recorded."""

    kind: str
    name: str = ""
    is_known: bool = True

    @property
    def is_rest(self) -> bool:
        """Whether people rest."""
        return self.kind != DayKind.WORKDAY


def day_type(day: date, *, listed: tuple[str, str] | None, is_known: bool) -> DayType:
    """Return the kind of a day by its entry in the calendar (kind and name), else by its weekday."""
    if listed:
        kind, name = listed
        return DayType(kind=DayKind.HOLIDAY if kind == CalendarKind.HOLIDAY else DayKind.WORKDAY, name=name)
    kind = DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY
    return DayType(kind=kind, is_known=is_known)
