"""How often cards are looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.models import InspectionPlan
from cards.services.inspections import edit_interval, record_interval


@admin.register(InspectionPlan)
class InspectionPlanAdmin(ServiceModelAdmin[InspectionPlan]):
    """Intervals by custody state."""

    list_display = ("custody_state", "every_days", "is_active")
    fields = ("custody_state", "every_days", "is_active")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> InspectionPlan:
        """Record an interval."""
        return record_interval(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: InspectionPlan, given: dict[str, Any]) -> InspectionPlan:
        """Change an interval."""
        return edit_interval(plan_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
