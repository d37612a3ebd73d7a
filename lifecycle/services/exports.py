"""That somebody took data out of CardFleet (R64)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.journal.subjects import new_number
from cardfleet.lists.services.keeping import FILE


@transaction.atomic
def record_export(
    *, actor: User, filters: Sequence[str], now: datetime, action: str = "lifecycle.fleet_exported"
) -> str:
    """Journal that a person exported the card list, or another, with the names of the filters, never their values.

    Returned is the number that marks the file, as files of lists have one: it finds the entry in the journal.
    """
    number = new_number()
    related, data = (FILE.format(number=number),), {"filters": list(filters)}
    record(actor=actor, action=action, subject=actor, related=related, now=now, data=data)
    return number
