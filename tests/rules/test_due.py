"""Reminders, next actions, calling hours (R15; design section 7)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.choices import StopReason
from lifecycle.choices import AlertKind
from lifecycle.rules import hours, priority, reminders

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days_left", "told", "lead"),
    [
        (61, (), None),
        (60, (), 60),
        (59, (60,), None),
        (31, (60,), None),
        (30, (60,), 30),
        (7, (60, 30), 7),
        (1, (60, 30, 7), 1),
        (0, (60, 30, 7, 1), None),
        (25, (), 30),
        (5, (60,), 7),
        (0, (), 1),
        (-10, (), 1),
        (-10, (1,), None),
        (5, (7,), None),
        (40, (7,), None),
    ],
)
def test_due_lead(days_left: int, told: tuple[int, ...], lead: int | None) -> None:
    """R15: 60, 30, 7 and 1 days ahead, each once; a late run tells the most urgent that has passed."""
    assert reminders.due_lead(TODAY + timedelta(days=days_left), today=TODAY, told=told) == lead


@given(st.lists(st.integers(0, 100), max_size=30))
def test_however_often_the_job_runs_each_lead_is_told_once(waits: list[int]) -> None:
    told: list[int] = []
    due_on, today = TODAY + timedelta(days=90), TODAY
    for wait in waits:
        today += timedelta(days=wait % 20)
        lead = reminders.due_lead(due_on, today=today, told=told)
        if lead is not None:
            told.append(lead)
    assert told == sorted(set(told), reverse=True)


@pytest.mark.parametrize(("lead", "severity"), [(60, "info"), (30, "warn"), (7, "high"), (1, "critical")])
def test_severity_of_a_lead(lead: int, severity: str) -> None:
    assert reminders.severity_of(lead) == severity


@pytest.mark.parametrize("kind", AlertKind)
def test_every_alert_has_a_next_action(kind: AlertKind) -> None:
    assert priority.next_action(kind).label


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "swap"),
        ("maintenance", "swap"),
        ("card_fault", "swap"),
        ("lost", "swap"),
        ("arrears", "pay"),
        ("violation", "release"),
        ("harassment", "release"),
        ("fraud_model", "release"),
        ("reverification", "verify"),
    ],
)
def test_a_penalty_is_never_answered_with_a_spare(reason: str, code: str) -> None:
    """R47, R55, X9: a spare only for fault, arrears and maintenance; refusal 9 of domain.md section 7."""
    assert reason in {"", *StopReason}
    assert priority.next_action(AlertKind.STOPPED, stop_reason=reason).code == code


WINDOWS = {"allowed": [["09:00", "12:00"], ["14:00", "20:00"]], "blocked": [["21:00", "09:00"]]}


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("08:59", "blocked"),
        ("09:00", "allowed"),
        ("11:59", "allowed"),
        ("12:00", "discouraged"),
        ("13:59", "discouraged"),
        ("14:00", "allowed"),
        ("20:00", "discouraged"),
        ("20:59", "discouraged"),
        ("21:00", "blocked"),
        ("00:00", "blocked"),
    ],
)
def test_calling_hours(at: str, state: str) -> None:
    assert hours.moment_state(time.fromisoformat(at), WINDOWS) == state


@pytest.mark.parametrize(("hour", "state"), [(8, "allowed"), (12, "discouraged"), (21, "blocked"), (9, "allowed")])
def test_an_hour_allowed_in_part_counts_as_allowed(hour: int, state: str) -> None:
    windows = WINDOWS | {"allowed": [["08:30", "12:00"]]}
    assert hours.hour_states(windows)[hour] == state
