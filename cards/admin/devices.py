"""Devices: recorded and changed here as on their pages; an IMEI is written once (X5)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.forms.devices import DeviceForm
from cards.models import Device
from cards.services.devices import edit_device, record_device


@admin.register(Device)
class DeviceAdmin(ServiceModelAdmin[Device]):
    """The register of devices; cards go in and out on its own pages."""

    form = DeviceForm
    list_display = ("imei", "model", "kind", "state", "owner", "team", "network", "licence_no")
    list_filter = ("kind", "state", "network")
    list_select_related = ("owner", "team")
    search_fields = ("imei", "imei2", "model", "licence_no")
    raw_id_fields = ("owner",)
    fields = (
        "imei",
        "imei2",
        "kind",
        "model",
        "owner",
        "team",
        "network",
        "sim_slots",
        "sim_forms",
        "licence_no",
        "note",
        "state",
        "superseded_by",
    )

    def get_readonly_fields(self, _request: HttpRequest, obj: Device | None = None) -> tuple[str, ...]:
        """Return what is never typed here; the IMEI of a record that is there, too."""
        shown = ("state", "superseded_by")
        written = ("imei", "imei2") if obj and obj.imei2 else ("imei",)
        return (*written, *shown) if obj else shown

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Device:
        """Record a device."""
        return record_device(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Device, given: dict[str, Any]) -> Device:
        """Change a device."""
        return edit_device(device_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
