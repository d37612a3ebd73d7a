"""Quiet hours: what is held back at night, and until when. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.notify.choices import Urgency


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Hours in which nothing is sent, in Shanghai's time; over midnight where the end is the earlier. None: no hours.

    With `urgent_through` what is critical comes all the same.
    """

    start: time | None
    end: time | None
    urgent_through: bool = True


def send_at(quiet: Quiet, *, urgency: int, now: datetime) -> datetime:
    """Return when a message may leave: now, or at the end of the quiet hours that it falls into."""
    if quiet.start is None or quiet.end is None or quiet.start == quiet.end:
        return now
    if quiet.urgent_through and urgency >= Urgency.CRITICAL:
        return now
    here = now.astimezone(SHANGHAI)
    clock = here.time()
    over_midnight = quiet.start > quiet.end
    is_late, is_early = clock >= quiet.start, clock < quiet.end
    if not (is_late or is_early if over_midnight else is_late and is_early):
        return now
    last = here.date() + timedelta(days=1 if over_midnight and is_late else 0)
    return datetime.combine(last, quiet.end, tzinfo=SHANGHAI)
