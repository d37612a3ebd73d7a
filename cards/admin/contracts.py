"""Contracts with carriers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cards.forms.reference import ContractForm
from cards.models import Contract
from cards.services.contracts import edit_contract, record_contract


@admin.register(Contract)
class ContractAdmin(ServiceModelAdmin[Contract]):
    """Contracts: term, penalty, agreed calls a day, number-change ban."""

    form = ContractForm
    list_display = ("number", "carrier", "starts_on", "ends_on", "daily_call_limit", "number_change_banned")
    list_filter = ("carrier", "number_change_banned")
    list_select_related = ("carrier",)
    search_fields = ("number",)
    fields = (
        "number",
        "carrier",
        "starts_on",
        "ends_on",
        "penalty_fixed",
        "penalty_share",
        "daily_call_limit",
        "purposes",
        "industries",
        "number_change_banned",
        "complaint_terms",
    )

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Contract:
        """Record a contract."""
        return record_contract(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Contract, given: dict[str, Any]) -> Contract:
        """Change a contract."""
        return edit_contract(contract_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())
