"""That somebody took a list out of CardFleet (R64)."""

from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.lists.asking import Asked


@transaction.atomic
def record_export(*, asked: Asked, form: str, actor: User, now: datetime) -> None:
    """Journal that a person took a list out, with the names of the filters but never their values."""
    filters = sorted(name for name in asked.query if name in asked.filters.filters)
    data = {"list": asked.listing.code, "form": form, "filters": filters}
    record(actor=actor, action="lists.list_exported", subject=actor, now=now, data=data)
