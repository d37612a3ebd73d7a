"""How much is paid back, and until when: reference data that finance edits (R67)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import ClaimPolicy
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign

EDITABLE = frozenset({"agent", "team", "cap", "deadline_day", "months_back"})


@transaction.atomic
def record_claim_policy(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> ClaimPolicy:
    """Record the rules of a person, a team or everybody."""
    return _set(ClaimPolicy(), facts, actor=actor, now=now)


@transaction.atomic
def edit_claim_policy(*, policy_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> ClaimPolicy:
    """Change rules; claims that were sent keep the cap they were sent under."""
    return _set(ClaimPolicy.objects.select_for_update().get(pk=policy_id), changes, actor=actor, now=now)


@transaction.atomic
def load_claim_policy(*, now: datetime) -> None:
    """Write everybody's rules where they are missing; edited ones stay as they are."""
    ClaimPolicy.objects.get_or_create(agent=None, team=None)


def _set(policy: ClaimPolicy, facts: Mapping[str, Any], *, actor: User | None, now: datetime) -> ClaimPolicy:
    changed = assign(policy, facts, editable=EDITABLE)
    if changed or not policy.pk:
        policy.save()
        record(actor=actor, action="billing.claim_policy_set", subject=policy, now=now, data={"fields": changed})
    return policy
