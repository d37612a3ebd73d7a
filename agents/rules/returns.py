"""On which days somebody is reminded of a card that is to come back (R11, R76). Pure."""

from datetime import date

EARLY_DAYS = (1, 3)
EVERY_DAYS = 7


def is_holder_reminded(due_back_on: date, *, today: date) -> bool:
    """Tell whether the holder is reminded today: the day before, on the day, and every day it is late."""
    return (due_back_on - today).days <= 1


def is_giver_reminded(due_back_on: date, *, today: date) -> bool:
    """Tell whether who handed it out is: once it is a day late, three, and then every seventh."""
    late = (today - due_back_on).days
    return late in EARLY_DAYS or (late > 0 and late % EVERY_DAYS == 0)
