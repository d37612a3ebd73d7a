"""How long each thing may take after an agent's last day (R76)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from agents.models import LeavingPolicy
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign

EDITABLE = frozenset({"return_days", "secrets_days", "user_days", "claims_days"})


@transaction.atomic
def edit_leaving_policy(*, changes: Mapping[str, Any], actor: User | None, now: datetime) -> LeavingPolicy:
    """Change the days; they hold for who leaves from now on."""
    policy = LeavingPolicy.objects.select_for_update().get(pk=1)
    changed = assign(policy, changes, editable=EDITABLE)
    if changed:
        policy.save(update_fields=changed)
        record(actor=actor, action="agents.leaving_policy_changed", subject=policy, now=now, data={"fields": changed})
    return policy


@transaction.atomic
def load_leaving_policy(*, now: datetime) -> None:
    """Write the row where it is missing; an edited one stays as it is."""
    LeavingPolicy.objects.get_or_create(pk=1)
