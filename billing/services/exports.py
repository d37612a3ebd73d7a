"""Writing down who took what out."""

from datetime import date, datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record


@transaction.atomic
def record_cost_export(*, month: date, by: str, actor: User, now: datetime) -> None:
    """Record that a person exported a cost report."""
    data = {"month": f"{month:%Y-%m}", "by": by}
    record(actor=actor, action="billing.costs_exported", subject="billing.costs:report", now=now, data=data)
