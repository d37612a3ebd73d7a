"""Putting right what a proof found wrong: the records are what counts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from billing.models import UsageSource
from billing.selectors.proofs import Difference
from billing.services import rollups
from billing.services.usage_import import ONE_AT_A_TIME
from billing.services.usage_posting import post_differences
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record

KEYS = "SELECT DISTINCT card_id, day FROM unnest(%(cards)s::bigint[], %(days)s::date[]) AS wrong(card_id, day)"


@transaction.atomic
def repair_rollups(*, differences: Sequence[Difference], actor: User | None, now: datetime) -> None:
    """Reckon rollups and charges of these cards and days anew from the records, and post what they changed by."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    roles = UsageSource.objects.order_by("role").values_list("role", flat=True).distinct()
    keys = {"cards": [wrong.card_id for wrong in differences], "days": [wrong.day for wrong in differences]}
    rollups.refresh(KEYS, roles, keys)
    post_differences(key=f"repair:{now.isoformat()}", actor=actor, now=now)
    record(
        actor=actor,
        action="billing.rollups_repaired",
        subject="billing.usagebatch:many",
        now=now,
        data={"differences": len(differences)},
    )
