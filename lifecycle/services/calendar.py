"""The calendar of holidays: loaded from the published one, edited by administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chinese_calendar import constants
from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from lifecycle.choices import CalendarKind
from lifecycle.models import CalendarDay

EDITABLE = frozenset({"day", "kind", "name"})
FIRST_YEAR = 2025
NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}


@transaction.atomic
def record_day(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> CalendarDay:
    """Record a holiday, or a weekend day worked for one; BadInput names what does not hold."""
    day = CalendarDay()
    named = assign(day, facts, editable=EDITABLE)
    day.save(force_insert=True)
    record(actor=actor, action="lifecycle.calendar_changed", subject=day, now=now, data={"fields": named})
    return day


@transaction.atomic
def edit_day(*, day_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> CalendarDay:
    """Change a day of the calendar."""
    day = CalendarDay.objects.select_for_update().get(pk=day_id)
    changed = assign(day, changes, editable=EDITABLE)
    if changed:
        day.save(update_fields=changed)
        record(actor=actor, action="lifecycle.calendar_changed", subject=day, now=now, data={"fields": changed})
    return day


@transaction.atomic
def load_calendar(*, now: datetime) -> None:
    """Record the published days of years of which nothing is recorded yet; edited years stay as they are."""
    known = set(CalendarDay.objects.values_list("day__year", flat=True))
    published = [
        CalendarDay(day=day, kind=kind, name=NAMES.get(name, name))
        for kind, days in ((CalendarKind.HOLIDAY, constants.holidays), (CalendarKind.WORKDAY, constants.workdays))
        for day, name in days.items()
        if day.year >= FIRST_YEAR and day.year not in known
    ]
    CalendarDay.objects.bulk_create(published)
