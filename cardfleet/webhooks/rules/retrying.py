"""When an event that did not get through is tried again. Pure."""

from datetime import datetime, timedelta

BACK_OFF = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 28_800))
TRIED_FOR = timedelta(hours=24)


def next_try(*, attempts: int, first_at: datetime, now: datetime) -> datetime | None:
    """Return when to try again after so many attempts, the last time a day after the first; then None."""
    end = first_at + TRIED_FOR
    return min(now + BACK_OFF[min(attempts, len(BACK_OFF)) - 1], end) if now < end else None
