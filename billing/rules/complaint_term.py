"""Until when a carrier answers a complaint: 15 days of work from the day it is made (电信条例, art. 39)."""

from datetime import date, timedelta

import chinese_calendar

ANSWER_DAYS = 15
SATURDAY = 5


def answer_due(sent_on: date) -> date:
    """Return the last day of the term, by the published holidays; a year not published yet goes by weekdays."""
    day, left = sent_on, ANSWER_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Tell whether offices work on a day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY
