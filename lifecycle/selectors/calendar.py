"""What kind of day it is, by the calendar that administrators keep."""

from datetime import date

from lifecycle.models import CalendarDay
from lifecycle.rules.days import DayType, day_type


def day_type_on(day: date) -> DayType:
    """Return the kind of a day, in one query."""
    rows = CalendarDay.objects.filter(day__year=day.year).values_list("day", "kind", "name")
    known = {listed: (kind, name) for listed, kind, name in rows}
    return day_type(day, listed=known.get(day), is_known=bool(known))
