"""Which call records ought to be there (carriers keep five months without the present one)."""

from datetime import date

import pytest

from billing.rules.expectations import Span, due_spans, lacking

TODAY = date(2026, 11, 22)


def test_a_month_is_due_some_days_after_it_ended():
    assert due_spans("monthly", within_days=5, today=date(2026, 11, 4))[-1].last == date(2026, 9, 30)
    assert due_spans("monthly", within_days=5, today=date(2026, 11, 5))[-1].last == date(2026, 10, 31)


def test_five_months_without_the_present_one_are_kept():
    spans = due_spans("monthly", within_days=5, today=TODAY)
    assert [span.first.month for span in spans] == [6, 7, 8, 9, 10]
    assert spans[0].kept_until == date(2026, 11, 30)


def test_months_reach_back_over_new_year():
    spans = due_spans("monthly", within_days=0, today=date(2026, 2, 28))
    assert [span.first for span in spans] == [date(2025, month, 1) for month in (9, 10, 11, 12)] + [date(2026, 1, 1)]


@pytest.mark.parametrize(
    ("every", "first", "last"),
    [("weekly", date(2026, 11, 9), date(2026, 11, 15)), ("daily", date(2026, 11, 20), date(2026, 11, 20))],
)
def test_weeks_end_on_sunday_and_days_by_themselves(every, first, last):
    newest = due_spans(every, within_days=2, today=TODAY)[-1]
    assert (newest.first, newest.last) == (first, last)


def test_a_span_of_which_any_day_came_does_not_lack():
    june, july = Span(date(2026, 6, 1), date(2026, 6, 30), TODAY), Span(date(2026, 7, 1), date(2026, 7, 31), TODAY)
    assert lacking([june, july], [(date(2026, 6, 30), date(2026, 6, 30))]) == [july]


@pytest.mark.parametrize(("today", "last_call"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True)])
def test_the_last_call_is_ten_days_before_the_carrier_drops_it(today, last_call):
    assert Span(date(2026, 6, 1), date(2026, 6, 30), date(2026, 11, 30)).is_last_call(today) is last_call
