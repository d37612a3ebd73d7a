"""Writing down who took what out (R64)."""

import secrets
from datetime import datetime

from django.db import transaction

from billing.selectors.cost_report import Wanted
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record


@transaction.atomic
def record_cost_export(*, wanted: Wanted, actor: User | None, now: datetime, purpose: str = "") -> str:
    """Record that a cost report was taken out, and return the number that marks the file.

    `billing.costs:<number>` finds the entry in the journal: a CSV has no place in it to say who took it.
    """
    number = secrets.token_hex(4)
    filters = [name for name in ("part", "against") if getattr(wanted, name)]
    data = {"month": f"{wanted.month:%Y-%m}", "by": wanted.by, "filters": filters}
    record(
        actor=actor,
        action="billing.costs_exported",
        subject=f"billing.costs:{number}",
        reason=purpose,
        now=now,
        data=data,
    )
    return number
