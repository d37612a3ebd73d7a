"""Writing down who took what out (R64)."""

from datetime import datetime

from django.db import transaction

from billing.selectors.cost_report import Wanted
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.journal.subjects import new_number

COSTS = "billing.costs:{number}"
"""What the journal calls a cost report that was taken out."""


@transaction.atomic
def record_cost_export(*, wanted: Wanted, actor: User | None, now: datetime, purpose: str = "") -> str:
    """Record that a cost report was taken out, and return the number that marks the file.

    `billing.costs:<number>` finds the entry in the journal: a CSV has no place in it to say who took it.
    """
    number = new_number()
    filters = [name for name in ("part", "against") if getattr(wanted, name)]
    data = {"month": f"{wanted.month:%Y-%m}", "by": wanted.by, "filters": filters}
    record(
        actor=actor,
        action="billing.costs_exported",
        subject=COSTS.format(number=number),
        reason=purpose,
        now=now,
        data=data,
    )
    return number
