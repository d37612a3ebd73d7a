"""Who is asked next when nobody answers, and how grave a case is that waits (R18, R19, R54)."""

from datetime import datetime, timedelta

from cardfleet.kernel.clock import business_day
from cards.choices import Severity
from lifecycle.choices import EscalationLevel
from lifecycle.rules.cases.clocks import WorkingDays

Level = EscalationLevel
# Working days after the clock ran out, until the next instance is asked.
ASKED_AFTER = ((Level.SUPPORT, 0), (Level.TECHNICAL, 2), (Level.LEGAL, 5))
CRITICAL_AFTER = timedelta(days=2)


def level_due(due_at: datetime, *, now: datetime, days: WorkingDays) -> int:
    """Return the instance to be asked when somebody else's answer was due at a moment."""
    if now < due_at:
        return Level.OWN
    due_on, today = business_day(due_at), business_day(now)
    return max(level for level, after in ASKED_AFTER if days.after(due_on, after) <= today)


def severity_of(due_at: datetime, *, level: int, now: datetime) -> Severity:
    """Return how grave it is that a case waits."""
    is_grave = now - due_at >= CRITICAL_AFTER or level >= Level.TECHNICAL
    return Severity.CRITICAL if is_grave else Severity.HIGH
