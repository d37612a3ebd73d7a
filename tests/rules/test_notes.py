"""What may be written in a note, and when a card counts as stopped."""

from datetime import date

import pytest

from cardfleet.kernel.reading import Unreadable
from cards.rules.notes import read_note
from lifecycle.rules.stops import stops_within


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  打过 10086,\r\n明天复机 🎉 ", "打过 10086,\n明天复机 🎉"),
        ("长" * 10_000, "长" * 10_000),
        ("8986007031011209432A 卡套换过", "8986007031011209432A 卡套换过"),
    ],
)
def test_a_note_keeps_its_lines_and_signs(text, kept) -> None:
    """A note of 10,000 characters and emoji are kept as they are."""
    assert read_note(text) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n ", "note_empty"),
        ("长" * 10_001, "note_too_long"),
        ("a\x00b", "note_unfit"),
        ("机主 11010519491231002X 本人", "note_names_id"),
    ],
)
def test_what_no_note_may_hold(text, code) -> None:
    """Too long is told and not cut; an ID number stays with the registrant (invariant 7)."""
    with pytest.raises(Unreadable) as refused:
        read_note(text)
    assert refused.value.code == code


def test_stops_are_bands_cut_to_the_days_shown() -> None:
    """A stop lasts until the day of the next change, or until today."""
    history = [
        (date(2026, 10, 1), "active", ""),
        (date(2026, 10, 3), "full_stop", "arrears"),
        (date(2026, 10, 6), "active", ""),
        (date(2026, 10, 9), "half_stop", "high_fee"),
    ]
    found = stops_within(history, first=date(2026, 10, 5), last=date(2026, 10, 10))
    assert [(stop.first.day, stop.last.day, stop.state) for stop in found] == [
        (5, 6, "full_stop"),
        (9, 10, "half_stop"),
    ]
    assert stops_within(history, first=date(2026, 10, 7), last=date(2026, 10, 8)) == []
    assert stops_within([], first=date(2026, 10, 7), last=date(2026, 10, 8)) == []
