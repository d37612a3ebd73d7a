"""In whose name cards are. ID numbers are written here and shown nowhere."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cardfleet.kernel.masking import mask_id
from cards.forms.reference import RegistrantForm
from cards.models import Registrant
from cards.services.registrants import edit_registrant, record_registrant


@admin.register(Registrant)
class RegistrantAdmin(ServiceModelAdmin[Registrant]):
    """Registrants, their ID numbers masked."""

    form = RegistrantForm
    list_display = ("name", "kind", "masked_id", "proof_valid_until", "handler_name")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = (
        *("kind", "name", "masked_id", "id_number", "proof_dated_on", "proof_valid_until"),
        *("quota", "staff", "handler_name"),
    )
    autocomplete_fields = ("staff",)
    readonly_fields = ("masked_id",)

    @admin.display(description=_("ID number"))
    def masked_id(self, registrant: Registrant) -> str:
        """All but the first three and last two characters hidden."""
        return mask_id(registrant.id_number) if registrant.id_number else "—"

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Registrant:
        """Record a registrant."""
        return record_registrant(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Registrant, given: dict[str, Any]) -> Registrant:
        """Change a registrant."""
        return edit_registrant(registrant_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
