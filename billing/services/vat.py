"""VAT rates by kind of charge: what was in force stays, a new rate gets its own first day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.errors import RateInForce
from billing.models import VatRate
from billing.rules.known_vat import KNOWN_RATES, SINCE
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign

FACTS = frozenset({"kind", "per_cent", "effective_from", "note"})


@transaction.atomic
def load_rates(*, now: datetime) -> None:
    """Write the rates commonly told of kinds that have none."""
    for kind, per_cent in KNOWN_RATES.items():
        if not VatRate.objects.filter(kind=kind).exists():
            VatRate.objects.create(kind=kind, per_cent=per_cent, effective_from=SINCE)


@transaction.atomic
def record_rate(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> VatRate:
    """Record a rate from a day on. BadInput."""
    rate = VatRate()
    assign(rate, facts, editable=FACTS)
    rate.save(force_insert=True)
    record(actor=actor, action="billing.vat_recorded", subject=rate, now=now, data={"kind": rate.kind})
    return rate


@transaction.atomic
def edit_rate(*, rate_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> VatRate:
    """Change a rate that is not in force yet, or the note of any. RateInForce, BadInput."""
    rate = VatRate.objects.select_for_update().get(pk=rate_id)
    in_force = rate.effective_from <= business_day(now)
    changed = assign(rate, changes, editable=FACTS)
    if in_force and set(changed) - {"note"}:
        raise RateInForce
    if changed:
        rate.save(update_fields=changed)
        record(actor=actor, action="billing.vat_changed", subject=rate, now=now, data={"changed": changed})
    return rate
