"""Reference data of the desk, written alike: laws and contracts, impact assessments, the directory (R18, R21)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from lifecycle.models import DirectoryEntry, ImpactAssessment, Law

Record = TypeVar("Record", Law, ImpactAssessment, DirectoryEntry)
EDITABLE: Mapping[type, frozenset[str]] = {
    Law: frozenset(
        {
            "kind",
            "name",
            "articles",
            "asks",
            "source",
            "in_force_from",
            "contract",
            "owner",
            "review_on",
            "is_active",
        }
    ),
    ImpactAssessment: frozenset(
        {"title", "purpose", "risks", "measures", "level", "assessed_on", "assessed_by", "review_on", "keep_until"}
    ),
    DirectoryEntry: frozenset({"kind", "name", "carrier", "serves", "phone", "email", "site", "note", "is_active"}),
}


@transaction.atomic
def enter(*, record_of: type[Record], facts: Mapping[str, Any], actor: User | None, now: datetime) -> Record:
    """Record a law, an assessment or an entry of the directory; BadInput names the fields that do not hold."""
    row = record_of()
    named = assign(row, facts, editable=EDITABLE[record_of])
    row.save(force_insert=True)
    record(actor=actor, action="lifecycle.desk_entered", subject=row, now=now, data={"fields": named})
    return row


@transaction.atomic
def edit(*, record_of: type[Record], pk: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Record:
    """Change one."""
    row: Record = record_of.objects.select_for_update().get(pk=pk)
    changed = assign(row, changes, editable=EDITABLE[record_of])
    if changed:
        row.save(update_fields=changed)
        record(actor=actor, action="lifecycle.desk_edited", subject=row, now=now, data={"fields": changed})
    return row
