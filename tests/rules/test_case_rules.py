"""Clocks, measures and colours of cases about losses and faults; quality of calls."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lifecycle.rules.cases.faults import hours_late, is_within_law, repair_due
from lifecycle.rules.cases.losses import LossTimes, measures, noticed_unmet, unmet
from lifecycle.rules.cases.sla import sla_state
from lifecycle.rules.quality import Quality, lacking
from tests.conftest import FRIDAY

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("area", "hours"), [("city", 48), ("rural", 72)])
def test_the_law_gives_the_carrier_its_time(area, hours):
    """R32: the carrier mends within 48 hours in a city, 72 in the countryside, of the report (电信条例 art. 32)."""
    due = repair_due(FRIDAY, area)
    assert due - FRIDAY == hours * HOUR
    assert is_within_law(FRIDAY, due, area)
    assert not is_within_law(FRIDAY, due + timedelta(seconds=1), area)
    assert [hours_late(FRIDAY, due + late, area) for late in (-HOUR, 0 * HOUR, 3.5 * HOUR)] == [0, 0, 3]


@pytest.mark.parametrize(
    ("lost", "reason", "wanted"),
    [
        ([], "lost", ["calls", "codes"]),
        ([], "stolen", ["calls", "codes", "police"]),
        (["accounts"], "lost", ["calls", "codes", "unbind"]),
        (["contacts"], "lost", ["calls", "codes", "warn", "breach", "backup"]),
        (["phone", "customers"], "stolen", ["calls", "codes", "unbind", "lock", "breach", "police"]),
    ],
)
def test_what_lay_on_the_card_decides_what_is_done(lost, reason, wanted):
    """R50: the plan after a loss follows what was lost, each measure once, the most pressing first."""
    assert [str(measure) for measure in measures(lost, reason=reason)] == wanted
    assert not list(unmet(wanted, lost=lost, reason=reason, is_explained=False))
    assert [fault.code for fault in unmet(wanted[1:], lost=lost, reason=reason, is_explained=False)] == [
        "measure_missing"
    ]
    assert not list(unmet([], lost=lost, reason=reason, is_explained=True))


def test_time_to_report_is_measured():
    """R52: minutes from noticing to the report, and from the report to the carrier's stop."""
    times = LossTimes(noticed_at=FRIDAY - 2 * HOUR, reported_at=FRIDAY)
    assert (times.minutes_to_report, times.minutes_to_stop) == (120, None)
    stopped = LossTimes(noticed_at=FRIDAY, reported_at=FRIDAY, stopped_at=FRIDAY + timedelta(seconds=950))
    assert (stopped.minutes_to_report, stopped.minutes_to_stop) == (0, 15)
    assert [fault.code for fault in noticed_unmet(FRIDAY + HOUR, now=FRIDAY)] == ["in_the_future"]


@pytest.mark.parametrize(
    ("score", "cause", "codes"),
    [
        (5, "", []),
        (4, "", []),
        (3, "noise", []),
        (1, "dropped", []),
        (3, "", ["cause_missing"]),
        (4, "noise", ["cause_of_good_calls"]),
        (0, "", ["score_out_of_range"]),
        (6, "", ["score_out_of_range"]),
    ],
)
def test_a_poor_score_names_its_cause(score, cause, codes):
    """R78: quality is 1 to 5, and what was wrong is said."""
    assert [fault.code for fault in lacking(score, cause)] == codes


def test_figures_of_quality():
    """R77, R78: mean, share of poor scores, dropped calls per 1,000; nothing is invented where nothing is known."""
    known = Quality(scores=3, total=10, poor=1, dropped=2, calls=300)
    assert (known.mean, known.poor_share, known.drop_rate) == (Decimal("3.3"), Decimal("33.3"), Decimal("6.7"))
    unknown = Quality()
    assert (unknown.mean, unknown.poor_share, unknown.drop_rate) == (None, None, None)


@pytest.mark.parametrize(
    ("left", "clock", "state"),
    [
        (None, 48, "no_clock"),
        (-0.1, 48, "late"),
        (0, 48, "soon"),
        (12, 48, "soon"),
        (12.1, 48, "in_time"),
        (4, 8, "soon"),
        (4.1, 8, "in_time"),
        (3, 3, "soon"),
    ],
)
def test_colours_of_clocks(left, clock, state):
    """The last quarter of a clock, and at least its last four hours, are soon; past it a case is late."""
    due = None if left is None else FRIDAY + left * HOUR
    began = FRIDAY - (clock - (left or 0)) * HOUR
    assert sla_state(due, began_at=began, now=FRIDAY) == state
