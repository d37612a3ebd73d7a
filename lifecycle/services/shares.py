"""How many spares are to be ready: the shares that administrators and compliance set (R55, R95)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from lifecycle.models import StandbyShare


@transaction.atomic
def set_share(
    *, given: Mapping[str, Any], actor: User | None, now: datetime, share: StandbyShare | None = None
) -> StandbyShare:
    """Set the share of a carrier, a team, both or all; the database refuses a second one and more than a tenth."""
    row = StandbyShare.objects.select_for_update().get(pk=share.pk) if share else StandbyShare()
    row.carrier, row.team, row.share = given["carrier"], given["team"], given["share"]
    row.save()
    data = {"share": str(row.share)}
    record(actor=actor, action="lifecycle.share_set", subject=row, now=now, data=data)
    return row
