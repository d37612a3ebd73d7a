"""When a number may go to a new SIM."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cards.rules.custody import refusal
from cards.rules.reissue import ReissueFacts, place_after, state_after, unmet
from tests.conftest import FRIDAY

GOOD = ReissueFacts(
    service_state="lost_stop",
    custody_state="missing",
    old_iccid="89860070310112094320",
    new_iccid="89860070310112094338",
    new_is_card=False,
    new_is_void=False,
    why="lost",
    in_hand=False,
    since=None,
    at=FRIDAY,
    now=FRIDAY,
)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"why": "fault", "in_hand": True, "custody_state": "issued", "service_state": "active"}, []),
        ({"service_state": "cancelled"}, ["number_ended"]),
        ({"service_state": "ported_out"}, ["number_ended"]),
        ({"custody_state": "destroyed"}, ["number_ended"]),
        ({"new_iccid": GOOD.old_iccid}, ["iccid_unchanged"]),
        ({"new_is_card": True}, ["iccid_taken"]),
        ({"new_is_void": True}, ["iccid_void"]),
        ({"in_hand": True}, ["lost_in_hand"]),
        ({"at": FRIDAY + timedelta(minutes=1)}, ["in_the_future"]),
        ({"since": FRIDAY + timedelta(minutes=1)}, ["dates_run_backwards"]),
    ],
)
def test_what_forbids_a_new_sim(change, codes):
    """R47, R52: the number of an ended card, a wrong or a void ICCID and a wrong time are refused."""
    assert [reason.code for reason in unmet(replace(GOOD, **change))] == codes


@pytest.mark.parametrize(
    ("place", "held", "after"),
    [
        ("missing", True, "issued"),
        ("missing", False, "in_stock"),
        ("faulty", True, "issued"),
        ("issued", True, None),
        ("in_stock", False, None),
    ],
)
def test_the_new_sim_goes_to_who_held_the_old_one(place, held, after):
    assert place_after(place, is_held=held) == after
    if after:
        assert refusal(place, after, service_state="active", sim_reissued=True) is None


@pytest.mark.parametrize(
    ("state", "before", "reason", "after"),
    [
        ("lost_stop", "active", "", "active"),
        ("lost_stop", "half_stop", "arrears", "active"),
        ("lost_stop", "half_stop", "harassment", "forced_stop"),
        ("lost_stop", "forced_stop", "complaint", "forced_stop"),
        ("lost_stop", "reverify_stop", "reverification", "reverify_stop"),
        ("active", "active", "", None),
    ],
)
def test_losing_a_card_cures_no_penalty(state, before, reason, after):
    """R35, R52: after a loss a card is in service again, unless it was stopped as a penalty or unverified before."""
    assert state_after(state, before=before, reason=reason) == after
