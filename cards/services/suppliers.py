"""Suppliers and the proof that they may sell (R22)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.base import File

from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.models import Supplier

EDITABLE = frozenset({"name", "channel", "proof_until", "contact", "promises", "is_active"})


@one_transaction
def record_supplier(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Supplier:
    """Record a supplier from values by field name; `carriers` are those that authorised it."""
    supplier = Supplier()
    carriers = facts.get("carriers", ())
    named = assign(supplier, _plain(facts), editable=EDITABLE)
    supplier.save(force_insert=True)
    supplier.carriers.set(carriers)
    record(actor=actor, action="cards.supplier_recorded", subject=supplier, now=now, data={"fields": named})
    return supplier


@one_transaction
def edit_supplier(*, supplier_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Supplier:
    """Change a supplier; the journal names the fields. Nothing is written where nothing differs."""
    supplier = _locked(supplier_id)
    changed = assign(supplier, _plain(changes), editable=EDITABLE)
    if "carriers" in changes and set(changes["carriers"]) != set(supplier.carriers.all()):
        supplier.carriers.set(changes["carriers"])
        changed.append("carriers")
    if changed:
        supplier.save(update_fields=[name for name in changed if name != "carriers"])
        record(actor=actor, action="cards.supplier_edited", subject=supplier, now=now, data={"fields": changed})
    return supplier


@one_transaction
def prove_supplier(
    *, supplier_id: int, content: "File[bytes]", name: str, until: date, actor: User | None, now: datetime
) -> Supplier:
    """Store a supplier's authorisation and its last day; an earlier one stays among the files."""
    supplier = _locked(supplier_id)
    proof = store(content=content, name=name, purpose="authorisation", owner=actor, now=now, subject=supplier)
    supplier.proof, supplier.proof_until = proof, until
    supplier.save(update_fields=["proof", "proof_until"])
    data = {"until": until.isoformat()}
    record(actor=actor, action="cards.supplier_proven", subject=supplier, related=(proof,), now=now, data=data)
    return supplier


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "carriers"}


def _locked(supplier_id: int) -> Supplier:
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotVisible
    return supplier
