"""When a connection is asked again, and when its failing is told. Pure."""

from datetime import timedelta

FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


def wait_after(failures: int, *, every: timedelta) -> timedelta:
    """Return how long to wait after so many failures in a row: twice as long each time, up to an hour.

    Never longer than the connection waits anyway.
    """
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(failures, 1) - 1, 10)
    return min(doubled, LONGEST_WAIT, max(every, FIRST_WAIT))
