"""That somebody took data out of CardFleet (R64)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record


@transaction.atomic
def record_export(
    *, actor: User, filters: Sequence[str], now: datetime, action: str = "lifecycle.fleet_exported"
) -> None:
    """Journal that a person exported the card list, or another, with the names of the filters, never their values."""
    record(actor=actor, action=action, subject=actor, now=now, data={"filters": list(filters)})
