"""The watch over the fleet: what calls say is gathered first, then every card is assessed by it (R37, R42)."""

from datetime import date, datetime

from lifecycle.services.assessment import assess_suspension_risk
from lifecycle.services.gathering import gather_conduct


def watch_fleet(*, on: date, now: datetime) -> dict[str, int]:
    """Gather a Shanghai day and assess the fleet as of it, each in a transaction; return the counts of both."""
    gathered = gather_conduct(on=on, now=now)
    return {**assess_suspension_risk(today=on, now=now).counts(), **gathered}
