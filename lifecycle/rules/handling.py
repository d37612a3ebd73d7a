"""How long an alert may rest, and when one that comes back is worth telling of again. Pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Text

LONGEST_SNOOZE = timedelta(days=14)
# A cause that returns within a week is the old matter again, with its history.
REOPENED_WITHIN = timedelta(days=7)
# A score that swings around its line closes and opens an alert in turn; that is no news within hours.
CALM_AFTER_CLOSING = timedelta(hours=4)
MORNING = time(9)

SNOOZES: Mapping[str, Text] = {
    "hour": _("an hour"),
    "four_hours": _("four hours"),
    "tomorrow": _("until tomorrow at nine"),
    "three_days": _("three days"),
    "week": _("a week"),
}
_LENGTHS = {
    "hour": timedelta(hours=1),
    "four_hours": timedelta(hours=4),
    "three_days": timedelta(days=3),
    "week": timedelta(days=7),
}


def snooze_end(code: str, now: datetime) -> datetime:
    """Return when a snooze of `SNOOZES` ends. KeyError for another code."""
    if code == "tomorrow":
        return datetime.combine(now.astimezone(SHANGHAI).date() + timedelta(days=1), MORNING, tzinfo=SHANGHAI)
    return now + _LENGTHS[code]


def may_rest(until: datetime, *, due_at: datetime | None, now: datetime) -> bool:
    """Whether an alert may rest so long: never past a deadline that is still ahead."""
    return due_at is None or due_at <= now or until <= due_at


def is_told_again(closed_at: datetime, now: datetime) -> bool:
    """Whether an alert that opens again is news; a clock set back makes it none."""
    return now - closed_at >= CALM_AFTER_CLOSING
