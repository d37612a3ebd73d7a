"""Carriers and their terms."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.forms.reference import CarrierForm
from cards.models import Carrier
from cards.services.carriers import edit_carrier, record_carrier


@admin.register(Carrier)
class CarrierAdmin(ServiceModelAdmin[Carrier]):
    """Carriers; terms whose values are not established carry a badge."""

    form = CarrierForm
    list_display = ("name", "code", "kind", "hotline", "account_manager", "terms_illustrative")
    list_filter = ("kind", "terms_illustrative")
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": ("code", "name", "aliases", "kind", "network_of")}),
        (_("Contact"), {"fields": ("hotline", "portal", "account_manager", "account_manager_phone")}),
        (
            _("Cancellation"),
            {
                "fields": (
                    "cancellation_policy",
                    "document_checklist",
                    "papers_web_app",
                    "papers_hotline",
                    "papers_outlet",
                    "reopen_fee",
                )
            },
        ),
        (
            _("Terms"),
            {
                "fields": (
                    "terms_illustrative",
                    "terms_source",
                    "stop_below",
                    "due_day",
                    "stop_after_days",
                    "restore_hours",
                    "terminate_after_days",
                    "freeze_days",
                    "recycle_after_days",
                )
            },
        ),
    )

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Carrier:
        """Record a carrier."""
        return record_carrier(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Carrier, given: dict[str, Any]) -> Carrier:
        """Change a carrier."""
        return edit_carrier(carrier_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
