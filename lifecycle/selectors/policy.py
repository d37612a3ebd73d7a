"""What administrators decided about stops, and the hours in which people call."""

from datetime import date

from django.conf import settings

from billing.rules.windows import read_windows
from lifecycle.models import CalendarDay, SuspensionPolicy
from lifecycle.rules.cases.impact import Hours, Rates
from lifecycle.rules.days import day_type


def policy_now() -> SuspensionPolicy:
    """Return the decisions in force; before any is recorded, nothing opens by itself and nothing is reckoned."""
    row = SuspensionPolicy.objects.filter(pk=1).first()
    return row or SuspensionPolicy(opens_from_import=False, is_illustrative=False)


def rates_of(policy: SuspensionPolicy) -> Rates:
    """Return what lost time is reckoned at."""
    return Rates(idle_hour=policy.idle_hour, call=policy.call)


def calling_hours() -> Hours:
    """Return the company's calling hours, with the calendar that administrators keep. One query."""
    listed = {day: (kind, name) for day, kind, name in CalendarDay.objects.values_list("day", "kind", "name")}
    known = {day.year for day in listed}

    def is_rest(day: date) -> bool:
        return day_type(day, listed=listed.get(day), is_known=day.year in known).is_rest

    return Hours(windows=read_windows(settings.CALLING_WINDOW), is_rest=is_rest)
