"""Above which amounts whose yes a top-up needs: reference data that finance edits."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.choices import ApprovalRank
from billing.models import TopUpLevel
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.money import ZERO

EDITABLE = frozenset({"above"})
BEGIN_WITH = {ApprovalRank.SUPERVISOR: ZERO, ApprovalRank.FINANCE: Decimal(200)}


@transaction.atomic
def edit_top_up_level(*, level_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> TopUpLevel:
    """Change from which amount a level is asked; top-ups that wait are judged by it at their next step."""
    level = TopUpLevel.objects.select_for_update().get(pk=level_id)
    before = level.above
    changed = assign(level, changes, editable=EDITABLE)
    if changed:
        level.save(update_fields=changed)
        data = {"level": level.rank, "before": str(before), "after": str(level.above)}
        record(actor=actor, action="billing.top_up_level_set", subject=level, now=now, data=data)
    return level


@transaction.atomic
def load_top_up_levels(*, now: datetime) -> None:
    """Write the levels that are missing; edited ones stay as they are."""
    for rank, above in BEGIN_WITH.items():
        TopUpLevel.objects.get_or_create(rank=rank, defaults={"above": above})
