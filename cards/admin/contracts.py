"""Contracts with carriers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ServiceModelAdmin
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Text
from cards.forms.reference import ContractForm
from cards.models import Contract
from cards.rules.contract_terms import Bound, bound
from cards.services.contracts import edit_contract, record_contract


@admin.register(Contract)
class ContractAdmin(ServiceModelAdmin[Contract]):
    """Contracts: term, renewal, notice, penalty, agreed calls a day, number-change ban."""

    form = ContractForm
    list_display = (
        "number",
        "carrier",
        "starts_on",
        "ends_on",
        "notice_day",
        "daily_call_limit",
        "number_change_banned",
    )
    list_filter = ("carrier", "number_change_banned")
    list_select_related = ("carrier",)
    search_fields = ("number",)
    fields = (
        "number",
        "carrier",
        "starts_on",
        "first_months",
        "ends_on",
        "renewal_months",
        "notice",
        "notice_unit",
        "notice_given_on",
        "what_binds",
        "penalty_fixed",
        "penalty_share",
        "daily_call_limit",
        "purposes",
        "industries",
        "number_change_banned",
        "complaint_terms",
    )

    readonly_fields = ("what_binds",)

    @admin.display(description=_("notice until"))
    def notice_day(self, contract: Contract) -> str:
        """Show the last day to give notice for the term that can still be ended."""
        found = _bound_today(contract)
        return found.notice_by.isoformat() if found and found.notice_by else "-"

    @admin.display(description=_("bound until"))
    def what_binds(self, contract: Contract) -> Text:
        """Say how long the contract binds if notice is given today."""
        found = _bound_today(contract) if contract.pk else None
        return found.until.why if found else "-"

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Contract:
        """Record a contract."""
        return record_contract(facts=given, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Contract, given: dict[str, Any]) -> Contract:
        """Change a contract."""
        return edit_contract(contract_id=row.pk, changes=given, actor=person_of(request), now=timezone.now())


def _bound_today(contract: Contract) -> Bound | None:
    return bound(contract.terms, on=business_day(timezone.now()))
