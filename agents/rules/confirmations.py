"""In which period holders confirm the details of their cards, and when they are reminded (R14). Pure."""

from datetime import date

MONTHS = 3
REMIND_EVERY = 7
REMINDERS = 5


def period_of(day: date) -> date:
    """Return the first day of the quarter of a day."""
    return date(day.year, day.month - (day.month - 1) % MONTHS, 1)


def reminder_no(day: date) -> int | None:
    """Return which reminder of its quarter a day belongs to (0 to 4), a week each; None later in the quarter."""
    number = (day - period_of(day)).days // REMIND_EVERY
    return number if number < REMINDERS else None
