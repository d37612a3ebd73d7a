"""What a carrier's word on a number comes down to, in whichever form it was brought."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """What one row or message says: a number in E.164, an aware moment, CNY or nothing, a state or nothing."""

    line: int
    msisdn: str
    read_at: datetime
    balance: Decimal | None = None
    state: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Readings:
    """The lines that were read, and why others were not; `pasted` tells messages from a table."""

    lines: list[ReadLine]
    refused: list[Reason]
    pasted: bool


def not_ahead(moment: datetime, now: datetime) -> datetime:
    """Return the moment, or refuse one that is still to come."""
    if moment > now:
        raise Unreadable("time_ahead", _("This time is still to come. Correct it."))
    return moment
