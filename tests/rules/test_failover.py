"""Which spare may take the place of a card that stands still, and which fits best: tables without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cardfleet.kernel.errors import Reason
from lifecycle.rules.failover import StandbyFacts, StoppedFacts, minutes_lost, rank, ranked, why_not
from lifecycle.rules.standby import pool_target
from tests.conftest import FRIDAY

TODAY = date(2026, 11, 20)
WORKS = {"service_state": "active", "custody_state": "issued"}
PLAIN = StandbyFacts(card_id=1, today=TODAY, same_registrant=True, balance=Decimal(50))


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"service_state": "full_stop", "stop_reason": "arrears"}, []),
        ({"service_state": "half_stop", "stop_reason": "maintenance"}, []),
        ({"service_state": "lost_stop", "stop_reason": "lost", "custody_state": "missing"}, []),
        ({"custody_state": "faulty"}, []),
        ({"condition": "damaged"}, []),
        ({"is_reported": True}, []),
        ({}, ["card_works"]),
        ({"service_state": "full_stop", "is_held_by_somebody": False}, ["nobody_holds"]),
        ({"service_state": "forced_stop", "stop_reason": "violation"}, ["release_missing"]),
        ({"service_state": "reverify_stop", "stop_reason": "reverification"}, ["release_missing"]),
        ({"service_state": "half_stop", "stop_reason": "harassment"}, ["release_missing"]),
        ({"service_state": "full_stop", "stop_reason": "complaint"}, ["release_missing"]),
        ({"service_state": "full_stop", "stop_reason": "real_name"}, ["release_missing"]),
        ({"is_held": True, "is_reported": True}, ["release_missing"]),
        ({"reverification_over": True}, ["release_missing"]),
        ({"custody_state": "faulty", "is_held": True}, ["release_missing"]),
        ({"service_state": "forced_stop", "stop_reason": "violation", "may_release": True}, []),
        ({"service_state": "cancel_pending"}, ["card_works"]),
    ],
)
def test_what_forbids_any_spare(facts, codes) -> None:
    """R47, R55, X9, X3: never after a stop for conduct without compliance, and never for a card that works."""
    unmet = list(why_not(StoppedFacts(**(WORKS | facts))))
    assert [reason.code for reason in unmet] == codes
    assert all(reason.clears for reason in unmet)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"same_registrant": False}),
        ({}, {"same_registrant": None}),
        ({"user_is_agent": True}, {"user_is_agent": None}),
        ({}, {"same_carrier": False}),
        ({"same_carrier": False}, {"works_at_carrier": True}),
        ({}, {"same_plan": False}),
        ({"same_region": True}, {"same_region": None}),
        ({"same_region": None}, {"same_region": False}),
        ({}, {"same_purpose": False}),
        ({}, {"is_spare": False}),
        ({}, {"balance": None}),
        ({"runway_days": 14}, {"runway_days": 13}),
        ({"runway_days": 3}, {"runway_days": 2}),
        ({"recycled_on": TODAY + timedelta(days=30)}, {"recycled_on": TODAY + timedelta(days=29)}),
        ({"expires_on": TODAY + timedelta(days=30)}, {"expires_on": TODAY + timedelta(days=29)}),
        ({"inspected_on": TODAY - timedelta(days=30)}, {"inspected_on": TODAY - timedelta(days=31)}),
        ({"inspected_on": TODAY - timedelta(days=90)}, {"inspected_on": TODAY - timedelta(days=91)}),
        ({}, {"is_marked": True}),
        ({}, {"is_customer_facing": True}),
        ({"complaints": 1}, {"complaints": 2}),
    ],
)
def test_what_speaks_for_a_spare(better, worse) -> None:
    """R55, R102, R116: same holder, user, plan, region, balance, not near recycling, looked at; each in words."""
    first, second = ranked(replace(PLAIN, card_id=2, **better)), ranked(replace(PLAIN, **worse))
    assert first.points > second.points
    assert first.is_allowed
    assert second.is_allowed
    assert rank([replace(PLAIN, **worse), replace(PLAIN, card_id=2, **better)])[0].card_id == 2
    assert all(str(one.message) for one in (*first.speaks, *second.speaks))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"condition": "damaged"}, "damaged"),
        ({"signal": "none"}, "no_network"),
        ({"decision": "release"}, "given_up"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expired"),
        ({"direction": "inbound"}, "incoming_only"),
        ({"balance": Decimal("4.99"), "stop_below": Decimal(5)}, "no_balance"),
        ({"unmet": [Reason(code="real_name_not_valid", message="x")]}, "real_name_not_valid"),
    ],
)
def test_what_forbids_one_spare(facts, code) -> None:
    """R55: however well it fits, what forbids a spare is never outweighed, and stands after all that may be used."""
    best = replace(PLAIN, user_is_agent=True, same_region=True, inspected_on=TODAY, **facts)
    poor = replace(PLAIN, card_id=9, same_registrant=False, is_marked=True)
    found = rank([best, poor])
    assert [one.card_id for one in found] == [9, 1]
    assert [reason.code for reason in found[1].unmet] == [code]


def test_minutes_lost_never_run_backwards() -> None:
    """R41, R55: whole minutes from the stop to the spare."""
    assert minutes_lost(FRIDAY, FRIDAY + timedelta(minutes=47, seconds=59)) == 47
    assert minutes_lost(FRIDAY, FRIDAY - timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("stops", "in_service", "share", "target"),
    [([2, 5], 100, None, 8), ([2, 5], 100, Decimal("2.5"), 3), ([], 39, Decimal(5), 2), ([9], 100, Decimal(0), 0)],
)
def test_a_share_that_is_set_goes_before_the_stops(stops, in_service, share, target) -> None:
    """R55, R95: the target of a pool."""
    assert pool_target(stops, in_service=in_service, share=share) == target
