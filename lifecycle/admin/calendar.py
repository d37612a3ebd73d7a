"""The calendar of holidays in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from lifecycle.models import CalendarDay
from lifecycle.services.calendar import edit_day, record_day


@admin.register(CalendarDay)
class CalendarDayAdmin(ServiceModelAdmin[CalendarDay]):
    """Holidays and the days worked for them: entered when the State Council's notice for a year comes out."""

    list_display = ("day", "kind", "name")
    list_filter = ("kind",)
    search_fields = ("name",)
    date_hierarchy = "day"

    def create(self, request: HttpRequest, given: dict[str, Any]) -> CalendarDay:
        """Record a day."""
        return record_day(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: CalendarDay, given: dict[str, Any]) -> CalendarDay:
        """Change a day."""
        return edit_day(day_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
