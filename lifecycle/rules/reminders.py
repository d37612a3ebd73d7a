"""When a date is worth a reminder: 60, 30, 7 and 1 days ahead (R15, R102, R103)."""

from collections.abc import Collection, Sequence
from datetime import date

from cards.choices import Severity

LEAD_DAYS = (60, 30, 7, 1)
DAYS_LAST, DAYS_SOON, DAYS_AHEAD = 1, 7, 30


def due_lead(due_on: date, *, today: date, told: Collection[int], leads: Sequence[int] = LEAD_DAYS) -> int | None:
    """Return the lead time to tell of today, or None when there is nothing new to tell.

    `told` are the lead times already told for this very date. A run that comes late tells the most urgent one that
    has passed, once, and never the milder ones after it; a date moved to another day starts anew.
    """
    passed = [lead for lead in leads if (due_on - today).days <= lead]
    if not passed:
        return None
    urgent = min(passed)
    return urgent if all(urgent < lead for lead in told) else None


def severity_of(lead: int) -> Severity:
    """Return how urgent a lead time is."""
    if lead <= DAYS_LAST:
        return Severity.CRITICAL
    if lead <= DAYS_SOON:
        return Severity.HIGH
    return Severity.WARN if lead <= DAYS_AHEAD else Severity.INFO
