"""When the clocks of cases run out, by the real calendar of working days; which cases may be open together."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardfleet.kernel.clock import SHANGHAI
from cards.choices import ServiceState, StopReason
from lifecycle.choices import ClockUnit
from lifecycle.playbooks.registry import kinds
from lifecycle.rules.cases.clocks import WorkingDays, due_at
from lifecycle.rules.cases.facts import CardNow, OpeningFacts
from lifecycle.rules.cases.opening import unmet_to_open
from lifecycle.selectors.cases.calendar import _published

PUBLISHED = WorkingDays(_published(), frozenset(day.year for day in _published()))
TODAY = date(2026, 9, 30)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-09-30 16:00", 48, ClockUnit.HOURS, "2026-10-02 16:00"),
        # The National Day holiday of 2026: 1 to 7 October; 10 October is worked.
        ("2026-09-30 16:00", 1, ClockUnit.WORKDAYS, "2026-10-09 00:00"),
        ("2026-09-30 16:00", 3, ClockUnit.WORKDAYS, "2026-10-11 00:00"),
        # National Day of 2025: 1 to 8 October; Sunday 28 September and Saturday 11 October are worked.
        ("2025-09-26 10:00", 1, ClockUnit.WORKDAYS, "2025-09-29 00:00"),
        ("2025-09-30 16:00", 3, ClockUnit.WORKDAYS, "2025-10-12 00:00"),
        ("2025-09-30 16:00", 72, ClockUnit.HOURS, "2025-10-03 16:00"),
        ("2025-09-30 16:00", 24, ClockUnit.HOURS, "2025-10-01 16:00"),
        # Spring Festival of 2026: 15 to 23 February; the Saturdays before and after are worked.
        ("2026-02-13 18:00", 1, ClockUnit.WORKDAYS, "2026-02-15 00:00"),
        ("2026-02-13 18:00", 2, ClockUnit.WORKDAYS, "2026-02-25 00:00"),
        ("2026-02-27 09:00", 1, ClockUnit.WORKDAYS, "2026-03-01 00:00"),
        ("2026-02-13 18:00", 48, ClockUnit.HOURS, "2026-02-15 18:00"),
        # New Year: Friday 2 January 2026 is free, Sunday 4 January is worked.
        ("2025-12-31 09:00", 1, ClockUnit.WORKDAYS, "2026-01-05 00:00"),
        ("2026-11-20 10:30", 1, ClockUnit.WORKDAYS, "2026-11-24 00:00"),
        ("2026-11-20 10:30", 0, ClockUnit.HOURS, None),
    ],
)
def test_clocks_over_holidays_by_the_real_calendar(start, amount, unit, expected) -> None:
    """R32, R45, R97: hours run through a holiday, working days wait for its end."""
    assert due_at(at(start), amount, unit, days=PUBLISHED) == (at(expected) if expected else None)


def test_a_year_that_is_not_covered_counts_monday_to_friday_and_says_so() -> None:
    """R97: over the turn of a year whose calendar is not published."""
    last = max(PUBLISHED.years)
    friday = max(date(last, 12, day) for day in range(20, 32) if date(last, 12, day).weekday() == 4)
    later = PUBLISHED.after(friday, 10)
    assert PUBLISHED.uncovered(friday, later) == [last + 1]
    assert PUBLISHED.uncovered(friday, friday) == []
    # What the year before is known for may shift the days by a holiday, not the weekdays of the year after.
    assert WorkingDays().after(date(last + 1, 6, 1), 5) == PUBLISHED.after(date(last + 1, 6, 1), 5)


class Desk:
    """One card and the cases people open on it, of any kind, by the rules."""

    def __init__(self) -> None:
        self.open_kinds, self.seen = {}, CardNow(card_id=1, service_state=ServiceState.ACTIVE)

    def open(self, kind, reason) -> None:
        facts = OpeningFacts(
            kind=kind.name,
            track=kind.track,
            reason=reason,
            card=self.seen,
            open_kinds=frozenset(self.open_kinds),
            open_tracks={track: name for name, track in self.open_kinds.items() if track},
            today=TODAY,
        )
        if not any(unmet_to_open(facts, reasons=kind.reason_values)):
            assert reason in kind.reason_values or not kind.reason_values
            self.open_kinds[kind.name] = kind.track

    def check(self) -> None:
        tracks = [track for track in self.open_kinds.values() if track]
        assert len(tracks) == len(set(tracks))


@given(st.lists(st.tuples(st.sampled_from(kinds()), st.data(), st.booleans()), max_size=20))
def test_no_sequence_of_openings_leaves_two_cases_that_contradict(asked) -> None:
    """R15, R16: of the kinds that decide what becomes of a card one is open at a time, and one of each kind."""
    desk = Desk()
    for kind, data, closes in asked:
        reasons = [*kind.reason_values, *StopReason.values, ""]
        desk.open(kind, data.draw(st.sampled_from(reasons)))
        desk.check()
        if closes:
            desk.open_kinds.pop(kind.name, None)
