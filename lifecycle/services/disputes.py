"""Complaints to carriers, whose term counts by the company's own calendar of working days."""

from typing import Any

from billing.models import Dispute
from billing.services import disputes
from lifecycle.selectors.cases.calendar import working_days


def open_dispute(**complaint: Any) -> Dispute:
    """Complain about some differences of a bill, as `billing.services.disputes.open_dispute` says."""
    return disputes.open_dispute(**complaint, is_working=working_days().is_working)
