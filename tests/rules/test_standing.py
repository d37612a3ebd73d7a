"""States and alerts in words for who holds the card (R34, R68); the month to its end (R66)."""

from datetime import date
from decimal import Decimal

import pytest

from agents.rules.confirmations import period_of, reminder_no
from billing.rules.forecast import month_end
from cards.choices import CustodyState, ServiceState, StopReason
from cards.rules.transitions import CONDUCT
from lifecycle.choices import AlertKind
from lifecycle.rules.standing import BY_CUSTODY, CONDUCT_TODO, HOLDER_ADVICE, SUPERVISOR, in_words


@pytest.mark.parametrize("state", ServiceState)
@pytest.mark.parametrize("reason", ["", *StopReason])
def test_every_state_says_what_it_means_and_each_stop_what_to_do(state, reason):
    """R34: no state leaves its holder without words."""
    words = in_words(state, stop_reason=reason)
    assert words.meaning
    assert words.todo or state == ServiceState.ACTIVE


@pytest.mark.parametrize("reason", sorted(CONDUCT))
def test_a_stop_for_conduct_never_sends_to_another_card(reason):
    """X9: compliance first."""
    assert in_words("half_stop", stop_reason=reason).todo == CONDUCT_TODO
    assert in_words("forced_stop").todo == CONDUCT_TODO


def test_where_the_plastic_is_goes_before_a_working_number():
    """R32, R52: a faulty or missing card is out of use though its number is in service."""
    for place, words in BY_CUSTODY.items():
        assert in_words("active", custody_state=place) == words
    assert in_words("full_stop", stop_reason="", custody_state=CustodyState.FAULTY).todo == SUPERVISOR


def test_every_alert_says_what_its_holder_does():
    """R68: also a kind that comes later."""
    assert set(HOLDER_ADVICE) == set(AlertKind)


@pytest.mark.parametrize(
    ("so_far", "calls", "day", "end"),
    [("29", "0", 10, "29.00"), ("40", "10", 10, "60.00"), ("40", "10", 30, "40.00"), ("0", "0", 1, "0.00")],
)
def test_fees_stay_and_calls_go_on(so_far, calls, day, end):
    """R66: the month of 30 days to its end."""
    today = date(2026, 11, day)
    assert month_end(so_far=Decimal(so_far), calls=Decimal(calls), today=today) == Decimal(end)


@pytest.mark.parametrize(
    ("day", "period", "number"),
    [
        (date(2026, 10, 1), date(2026, 10, 1), 0),
        (date(2026, 10, 8), date(2026, 10, 1), 1),
        (date(2026, 11, 4), date(2026, 10, 1), 4),
        (date(2026, 11, 5), date(2026, 10, 1), None),
        (date(2026, 12, 31), date(2026, 10, 1), None),
        (date(2026, 3, 31), date(2026, 1, 1), None),
    ],
)
def test_quarters_and_their_reminders(day, period, number):
    """R14: one a week, five at most."""
    assert (period_of(day), reminder_no(day)) == (period, number)
