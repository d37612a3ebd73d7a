"""What finance's reports and files go by: VAT rates, and the accounts of the company's books."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import BillProfile, VatRate, VoucherCentre, VoucherColumn, VoucherMapping
from billing.services.bill_profiles import edit_bill_profile
from billing.services.vat import edit_rate, record_rate
from billing.services.vouchers import (
    edit_centre,
    edit_column,
    edit_mapping,
    record_centre,
    record_column,
    record_mapping,
)
from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin


@admin.register(VatRate)
class VatRateAdmin(ServiceModelAdmin[VatRate]):
    """VAT rates; one in force stays, a new one gets its own first day."""

    list_display = ("kind", "per_cent", "effective_from", "note")
    list_filter = ("kind",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> VatRate:
        """Record a rate."""
        return record_rate(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: VatRate, given: dict[str, Any]) -> VatRate:
        """Change a rate that is to come."""
        return edit_rate(rate_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(VoucherMapping)
class VoucherMappingAdmin(ServiceModelAdmin[VoucherMapping]):
    """Accounts by kind of entry."""

    list_display = ("kind", "debit", "tax", "credit", "text")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> VoucherMapping:
        """Record the accounts of a kind."""
        return record_mapping(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: VoucherMapping, given: dict[str, Any]) -> VoucherMapping:
        """Change them."""
        return edit_mapping(mapping_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(VoucherCentre)
class VoucherCentreAdmin(ServiceModelAdmin[VoucherCentre]):
    """Cost centres of teams."""

    list_display = ("team", "code")
    list_select_related = ("team",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> VoucherCentre:
        """Record the cost centre of a team."""
        return record_centre(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: VoucherCentre, given: dict[str, Any]) -> VoucherCentre:
        """Change it."""
        return edit_centre(centre_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(VoucherColumn)
class VoucherColumnAdmin(ServiceModelAdmin[VoucherColumn]):
    """Columns of the accounting export."""

    list_display = ("place", "title", "value")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> VoucherColumn:
        """Add a column."""
        return record_column(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: VoucherColumn, given: dict[str, Any]) -> VoucherColumn:
        """Change a column."""
        return edit_column(column_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


@admin.register(BillProfile)
class BillProfileAdmin(ServiceModelAdmin[BillProfile]):
    """What columns of statements hold; each is made where a file with its header is first mapped."""

    list_display = ("carrier", "titles", "changed_at")
    list_filter = ("carrier",)
    list_select_related = ("carrier",)
    fields = ("carrier", "titles", "columns", "changed_at")
    readonly_fields = ("carrier", "titles", "changed_at")

    def has_add_permission(self, _request: HttpRequest, _obj: BillProfile | None = None) -> bool:
        """Answer no: a header comes with a file."""
        return False

    @admin.display(description=_("header"))
    def titles(self, profile: BillProfile) -> str:
        """Return the titles of the columns with their places."""
        return " · ".join(f"{place} {title}" for place, title in enumerate(profile.header))

    def change(self, request: HttpRequest, row: BillProfile, given: dict[str, Any]) -> BillProfile:
        """Correct what columns hold."""
        return edit_bill_profile(profile_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
