"""How a case stands: against its clock, and what it waits for (part of the case board)."""

from datetime import datetime, timedelta

from lifecycle.choices import SlaState

# Less than this is soon, however long the clock was; of a longer clock its last quarter.
SOON = timedelta(hours=4)
LAST_PART = 4
TONES = {
    SlaState.LATE: "red",
    SlaState.SOON: "yellow",
    SlaState.IN_TIME: "green",
    SlaState.NO_CLOCK: "gray",
}


def sla_state(due_at: datetime | None, *, began_at: datetime, now: datetime) -> SlaState:
    """Return how a clock stands that began at a moment; the last moment is still in time."""
    if due_at is None:
        return SlaState.NO_CLOCK
    if now > due_at:
        return SlaState.LATE
    if due_at - now <= max(SOON, (due_at - began_at) / LAST_PART):
        return SlaState.SOON
    return SlaState.IN_TIME
