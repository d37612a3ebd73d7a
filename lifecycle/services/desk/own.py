"""What a person asks for about their own data (PIPL art. 44 to 47)."""

from datetime import datetime

from cardfleet.accounts.models import User
from lifecycle.choices import MatterKind
from lifecycle.models import Matter
from lifecycle.services.desk.matters import open_matter

CHANNEL = "CardFleet"


def ask_for_own(*, kind: str, summary: str, actor: User, now: datetime) -> Matter:
    """Open the matter of a person's request about their own data; raises as `open_matter`."""
    return open_matter(
        kind=kind,
        title=str(MatterKind(kind).label),
        summary=summary,
        channel=CHANNEL,
        received_at=now,
        about=actor,
        actor=actor,
        now=now,
    )
