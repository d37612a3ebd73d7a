"""How long alerts rest, and when one that comes back is told of again."""

from datetime import timedelta

import pytest

from lifecycle.rules.handling import CALM_AFTER_CLOSING, SNOOZES, is_told_again, may_rest, snooze_end
from tests.conftest import FRIDAY

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("until", "due_at", "may"),
    [
        (FRIDAY + HOUR, None, True),
        (FRIDAY + HOUR, FRIDAY + HOUR, True),
        (FRIDAY + 2 * HOUR, FRIDAY + HOUR, False),
        (FRIDAY + HOUR, FRIDAY - HOUR, True),
    ],
)
def test_an_alert_never_rests_past_a_deadline_ahead(until, due_at, may):
    assert may_rest(until, due_at=due_at, now=FRIDAY) is may


def test_each_rest_ends_later_within_a_week():
    ends = [snooze_end(code, FRIDAY) for code in SNOOZES]
    assert ends == sorted(ends)
    assert snooze_end("tomorrow", FRIDAY).isoformat() == "2026-11-21T09:00:00+08:00"
    assert ends[-1] == FRIDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("after", "told"), [(CALM_AFTER_CLOSING, True), (CALM_AFTER_CLOSING - HOUR, False), (-HOUR, False)]
)
def test_what_swings_around_its_line_is_told_once(after, told):
    """A clock set back makes nothing news."""
    assert is_told_again(FRIDAY, FRIDAY + after) is told
