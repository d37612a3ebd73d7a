"""The tags and filters, without a browser."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.template import engines
from django.utils.translation import override

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.templatetags.figures import (
    amount,
    day,
    deadline,
    figure,
    lasting,
    masked,
    masked_iccid,
    moment,
    money,
)
from cardfleet.kernel.ui import Column, look, risk_band
from cards.choices import CustodyState, ServiceState, Severity


def drawn(text: str, rf, query: str = "", **context) -> str:
    """Return a template's output for an address with a query."""
    template = engines["django"].from_string("{% load ui figures %}" + text)
    return template.render(context, rf.get(f"/{query}"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.5"), "¥1,234.50"),
        (Decimal("-46.2"), "−¥46.20"),
        (Decimal("0.005"), "¥0.01"),
        (Decimal("-0.001"), "¥0.00"),
        (None, "—"),
    ],
)
def test_money_has_two_decimals_and_its_minus_before_the_sign(value, text):
    """One way to write CNY."""
    assert money(value) == text
    assert amount(value) == text.replace("¥", "")


def test_figures_have_a_comma_at_the_thousand_in_every_language():
    """Django's own would group by ten thousands in Chinese."""
    assert [figure(333785), figure(-4080), figure(None)] == ["333,785", "−4,080", "—"]


def test_numbers_are_masked_unless_the_person_may_see_them():
    """Personal numbers are whole only with the permission."""
    assert [masked("+8613800001234"), masked("+8613800001234", True)] == ["138****1234", "13800001234"]
    assert masked_iccid("89860012345678901234") == "8986 **** 1234"


@time_machine.travel(datetime(2026, 11, 20, 13, 55, tzinfo=SHANGHAI), tick=False)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 20, 2, 52, tzinfo=UTC), "10:52"),
        (datetime(2026, 11, 19, 17, 0, tzinfo=UTC), "01:00"),
        (datetime(2026, 11, 19, 8, 5, tzinfo=UTC), "11-19 16:05"),
        (datetime(2025, 11, 19, 8, 5, tzinfo=UTC), "2025-11-19 16:05"),
        (None, "—"),
    ],
)
def test_moments_are_in_shanghai_and_no_longer_than_needed(value, text):
    """Today the time alone."""
    assert moment(value) == text


@time_machine.travel(datetime(2026, 11, 20, 13, 55, tzinfo=SHANGHAI), tick=False)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "24:00"),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "11-24 24:00"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "12-31 24:00"),
        (datetime(2026, 11, 19, 8, 5, tzinfo=UTC), "11-19 16:05"),
        (None, "—"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_its_day(value, text):
    """The day on which something may still be done, not the next."""
    assert deadline(value) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 min"),
        (59, "59 min"),
        (60, "1 h 0 min"),
        (1439, "23 h 59 min"),
        (17541, "12 d 4 h"),
        ("", "—"),
        (None, "—"),
    ],
)
def test_a_time_is_told_by_its_two_largest_units(minutes, text):
    with override("en"):
        assert lasting(minutes) == text


def test_days_are_those_of_shanghai():
    """18:00 UTC is the next day there."""
    assert day(datetime(2026, 11, 19, 18, 0, tzinfo=UTC)) == "2026-11-20"
    assert [day(date(2027, 3, 2)), day(None)] == ["2027-03-02", "—"]


@pytest.mark.parametrize(
    ("family", "choices"), [("service", ServiceState), ("custody", CustodyState), ("severity", Severity)]
)
def test_every_state_has_a_look_and_the_word_of_its_choice(rf, family, choices):
    """Colour, icon and word, always all three; one word for one state everywhere."""
    for choice in choices:
        badge = drawn("{% badge family value %}", rf, family=family, value=choice.value)
        assert str(choice.label) in badge
        assert "tone-" in badge or look(family, choice.value).tone == "gray"
        assert "icons.svg" in badge


def test_risk_bands_begin_at_40_and_70():
    """The bands of the mockups."""
    assert [risk_band(score) for score in (0, 39, 40, 69, 70, 100)] == [
        "low",
        "low",
        "medium",
        "medium",
        "high",
        "high",
    ]


@pytest.mark.parametrize(
    ("call", "tone", "width"),
    [
        ("{% bar 12 200 tick=160 %}", 'class="bar"', 'width="6.0%"'),
        ("{% bar 162 200 tick=160 %}", "tone-orange", 'width="81.0%"'),
        ("{% bar 240 200 tick=160 %}", "tone-red", 'width="100.0%"'),
        ("{% bar 5 0 %}", 'class="bar"', 'width="0%"'),
        ("{% bar 11 14 tone='green' %}", "tone-green", 'width="78.6%"'),
    ],
)
def test_bar_says_its_share_by_length_colour_and_words(rf, call, tone, width):
    """No inline style: the policy forbids it."""
    text = drawn(call, rf)
    assert tone in text
    assert width in text
    assert "style=" not in text


def test_head_sorts_both_ways_and_keeps_the_filters(rf):
    """A page number goes, for the order is another."""
    columns = [Column(label="Balance", sort="balance"), Column(label="Plan")]
    rising = drawn("{% table_head columns %}", rf, "?team=4&page=3", columns=columns)
    assert 'href="?team=4&amp;sort=balance"' in rising
    falling = drawn("{% table_head columns %}", rf, "?team=4&sort=balance", columns=columns)
    assert 'href="?team=4&amp;sort=-balance"' in falling
    assert 'aria-sort="ascending"' in falling
    assert falling.count("<a ") == 1


def test_chip_takes_out_its_own_value_alone(rf):
    """Other values of the same filter stay."""
    text = drawn("{% without 'team' 4 %}", rf, "?team=4&team=5&page=2&search=44")
    assert text == "?team=5&amp;search=44"
    assert drawn("{% without 'team' %}", rf, "?team=4&team=5") == "?"


def test_words_of_a_page_are_escaped(rf):
    """A name is never markup."""
    text = drawn("{% panel name note=name %}{{ name }}{% endpanel %}{% mark name %}", rf, name="<b>x")
    assert "<b>" not in text
