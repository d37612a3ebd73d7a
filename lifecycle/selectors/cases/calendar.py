"""The calendar of working days: as recorded, else as published, else by weekdays."""

from datetime import date
from functools import cache

from chinese_calendar import constants

from lifecycle.choices import CalendarKind
from lifecycle.models import CalendarDay
from lifecycle.rules.cases.clocks import WorkingDays


def working_days() -> WorkingDays:
    """Return the working days of every year that is recorded or published, in one query."""
    rows = CalendarDay.objects.values_list("day", "kind", "name")
    recorded = {day: (kind, name) for day, kind, name in rows}
    years = {day.year for day in recorded}
    published = {day: told for day, told in _published().items() if day.year not in years}
    listed = published | recorded
    return WorkingDays(listed, frozenset(day.year for day in listed))


@cache
def _published() -> dict[date, tuple[str, str]]:
    holidays = {day: (str(CalendarKind.HOLIDAY), name) for day, name in constants.holidays.items()}
    return holidays | {day: (str(CalendarKind.WORKDAY), name) for day, name in constants.workdays.items()}
