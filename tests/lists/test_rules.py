"""When reports are sent, and what stops them: without a database."""

from datetime import datetime, time

import pytest

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.lists.choices import Every, WhyStopped
from cardfleet.lists.rules.slots import Slots
from cardfleet.lists.rules.standing import Standing, why_not


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("every", "weekday", "day", "after", "expected"),
    [
        (Every.DAY, 1, 1, "2026-11-20 08:29", "2026-11-20 08:30"),
        (Every.DAY, 1, 1, "2026-11-20 08:30", "2026-11-21 08:30"),
        (Every.WORKDAY, 1, 1, "2026-11-20 08:30", "2026-11-23 08:30"),
        (Every.WEEK, 5, 1, "2026-11-20 08:30", "2026-11-27 08:30"),
        (Every.WEEK, 1, 1, "2026-11-20 09:00", "2026-11-23 08:30"),
        (Every.MONTH, 1, 31, "2026-11-20 09:00", "2026-11-30 08:30"),
        (Every.MONTH, 1, 31, "2027-02-01 09:00", "2027-02-28 08:30"),
        (Every.MONTH, 1, 5, "2026-12-05 08:30", "2027-01-05 08:30"),
    ],
)
def test_the_next_time_is_the_first_after_now(every, weekday, day, after, expected) -> None:
    slots = Slots(every=every, weekday=weekday, day=day, at=time(8, 30))
    assert slots.after(moment(after)) == moment(expected)


WELL = {
    "owner_is_here": True,
    "owner_may_export": True,
    "view_is_there": True,
    "owner_sees_view": True,
    "view_is_usable": True,
    "recipients": 1,
}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"owner_is_here": False, "view_is_there": False}, WhyStopped.OWNER_LEFT),
        ({"owner_may_export": False}, WhyStopped.RIGHT_LOST),
        ({"view_is_there": False, "owner_sees_view": False, "view_is_usable": False}, WhyStopped.VIEW_DELETED),
        ({"owner_sees_view": False, "view_is_usable": False}, WhyStopped.VIEW_HIDDEN),
        ({"view_is_usable": False}, WhyStopped.VIEW_UNUSABLE),
        ({"recipients": 0}, WhyStopped.NO_RECIPIENT),
    ],
)
def test_what_stops_a_report(changed, why) -> None:
    """R64: nothing leaves in the name of somebody who left or lost the right."""
    assert why_not(Standing(**{**WELL, **changed})) == why
