"""Contracts with carriers: term, penalty, call-frequency limit, number-change ban (R103)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cards.models import Contract

EDITABLE = frozenset(
    {
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
        "document",
    }
)


@transaction.atomic
def record_contract(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Contract:
    """Record a contract from values by field name; BadInput names the fields that do not hold."""
    contract = Contract()
    named = assign(contract, facts, editable=EDITABLE)
    contract.save(force_insert=True)
    record(actor=actor, action="cards.contract_recorded", subject=contract, now=now, data={"fields": named})
    return contract


@transaction.atomic
def edit_contract(*, contract_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Contract:
    """Change a contract; nothing is written where nothing differs."""
    contract = Contract.objects.select_for_update().get(pk=contract_id)
    changed = assign(contract, changes, editable=EDITABLE)
    if changed:
        contract.save(update_fields=changed)
        record(actor=actor, action="cards.contract_edited", subject=contract, now=now, data={"fields": changed})
    return contract
