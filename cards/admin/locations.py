"""Storage places and slots."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.models import Location
from cards.services.locations import edit_location, record_location


@admin.register(Location)
class LocationAdmin(ServiceModelAdmin[Location]):
    """The register of places."""

    list_display = ("name", "within", "capacity", "custodian", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("within", "custodian")
    search_fields = ("name",)
    fields = ("name", "within", "capacity", "custodian", "is_active", "note")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Location:
        """Record a place."""
        return record_location(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Location, given: dict[str, Any]) -> Location:
        """Change a place."""
        return edit_location(location_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
