"""Suppliers; their proofs are stored on their page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.models import Supplier
from cards.services.suppliers import edit_supplier, record_supplier


@admin.register(Supplier)
class SupplierAdmin(ServiceModelAdmin[Supplier]):
    """Who sells cards."""

    list_display = ("name", "channel", "proof_until", "is_active")
    list_filter = ("channel", "is_active")
    search_fields = ("name",)
    fields = ("name", "channel", "carriers", "proof_until", "contact", "promises", "is_active")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Supplier:
        """Record a supplier."""
        return record_supplier(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Supplier, given: dict[str, Any]) -> Supplier:
        """Change a supplier."""
        return edit_supplier(supplier_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
