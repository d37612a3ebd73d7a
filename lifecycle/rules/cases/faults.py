"""How long a carrier may take to mend a fault, and what cures it (R32; 电信条例 art. 32)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lifecycle.choices import Area, FaultKind

# Hours from the report to the carrier until the fault is mended, by law.
LEGAL_HOURS: Mapping[str, int] = {Area.CITY: 48, Area.RURAL: 72}
# Faults that a new SIM may cure; of the others the network or the account is the cause.
OF_THE_SIM = frozenset({FaultKind.UNREADABLE, FaultKind.NO_SIGNAL, FaultKind.DROPS})


def repair_due(reported_at: datetime, area: str) -> datetime:
    """Return the moment by which the carrier must have mended a fault reported to it."""
    return reported_at + timedelta(hours=LEGAL_HOURS[area])


def is_within_law(reported_at: datetime, mended_at: datetime, area: str) -> bool:
    """Tell whether the carrier was in time; the last moment still is."""
    return mended_at <= repair_due(reported_at, area)


def hours_late(reported_at: datetime, now: datetime, area: str) -> int:
    """Return by how many whole hours the carrier is late; 0 while it is not."""
    return max(0, int((now - repair_due(reported_at, area)).total_seconds() // 3600))
