"""What administrators decide about stops: which open a case by themselves, what lost time is reckoned at."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from lifecycle.models import SuspensionPolicy

EDITABLE = frozenset({"opens_from_import", "opens_from_signal", "storm_at", "idle_hour", "call", "is_illustrative"})
# No figure is established: an agent's hour is a guess that the page says to be one, and a call has no usual worth.
IDLE_HOUR = Decimal("40.00")


@transaction.atomic
def edit_policy(*, changes: Mapping[str, Any], actor: User | None, now: datetime) -> SuspensionPolicy:
    """Change what is decided about stops; BadInput names what does not hold."""
    policy = SuspensionPolicy.objects.select_for_update().get(pk=1)
    changed = assign(policy, changes, editable=EDITABLE)
    if changed:
        policy.save(update_fields=changed)
        record(
            actor=actor, action="lifecycle.suspension_policy_changed", subject=policy, now=now, data={"fields": changed}
        )
    return policy


@transaction.atomic
def load_policy(*, now: datetime) -> None:
    """Write the row where it is missing; an edited one stays as it is."""
    SuspensionPolicy.objects.get_or_create(pk=1, defaults={"idle_hour": IDLE_HOUR})
