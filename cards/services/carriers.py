"""Carriers: who they are and on what terms they stop and end numbers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cards.models import Carrier

TERMS = frozenset(
    {
        "stop_below",
        "due_day",
        "stop_after_days",
        "restore_hours",
        "terminate_after_days",
        "freeze_days",
        "recycle_after_days",
        "terms_source",
        "terms_illustrative",
    }
)
EDITABLE = TERMS | {
    "code",
    "name",
    "aliases",
    "kind",
    "network_of",
    "hotline",
    "portal",
    "account_manager",
    "account_manager_phone",
    "cancellation_policy",
    "document_checklist",
    "papers_web_app",
    "papers_hotline",
    "papers_outlet",
    "reopen_fee",
}


@transaction.atomic
def record_carrier(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Carrier:
    """Record a carrier from values by field name; BadInput names the fields that do not hold."""
    carrier = Carrier()
    named = assign(carrier, facts, editable=EDITABLE)
    carrier.save(force_insert=True)
    record(actor=actor, action="cards.carrier_recorded", subject=carrier, now=now, data={"fields": named})
    return carrier


@transaction.atomic
def edit_carrier(*, carrier_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Carrier:
    """Change a carrier; nothing is written where nothing differs. BadInput names the fields that do not hold."""
    carrier = Carrier.objects.select_for_update().get(pk=carrier_id)
    changed = assign(carrier, changes, editable=EDITABLE)
    if changed:
        carrier.save(update_fields=changed)
        record(actor=actor, action="cards.carrier_edited", subject=carrier, now=now, data={"fields": changed})
    return carrier
