"""Until when a carrier answers a complaint: 15 days of work from the day it is made (电信条例, art. 39)."""

from collections.abc import Callable
from datetime import date, timedelta

ANSWER_DAYS = 15


def answer_due(sent_on: date, *, is_working: Callable[[date], bool]) -> date:
    """Return the last day of the term; `is_working` tells whether offices work on a day."""
    day, left = sent_on, ANSWER_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working(day)
    return day
