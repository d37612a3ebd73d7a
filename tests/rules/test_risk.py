"""The risk score: points that add up, bands, advice (R42)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardfleet.kernel.clock import SHANGHAI
from lifecycle.rules import risk
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.kinds import KINDS, find
from tests.rules.terms import BY_KIND

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=SHANGHAI)


def assessed(**known: object) -> risk.Risk:
    return risk.assess(find(CardFacts(now=NOW, **known), BY_KIND.values()))


@pytest.mark.parametrize(
    ("known", "score", "band"),
    [
        ({}, 0, "low"),
        ({"calls_today": 159}, 0, "low"),
        ({"calls_today": 160}, 40, "medium"),
        ({"calls_today": 180}, 55, "medium"),
        ({"calls_today": 200}, 70, "high"),
        ({"calls_today": 500}, 70, "high"),
        ({"complaints_30d": 1}, 55, "medium"),
        ({"complaints_30d": 2}, 85, "high"),
        ({"calls_today": 160, "complaints_30d": 1}, 73, "high"),
        ({"most_in_10": 10}, 5, "low"),
        ({"marks": 1}, 4, "low"),
        ({"stops_90d": 3}, 7, "low"),
        ({"usual_calls": Decimal(200)}, 35, "low"),
        ({"calls_today": 160, "usual_calls": Decimal(160)}, 44, "medium"),
        ({"balance": Decimal(21), "daily_burn": Decimal(3)}, 12, "low"),
        ({"balance": Decimal(9), "daily_burn": Decimal(3)}, 70, "high"),
        ({"balance": Decimal(-1)}, 92, "high"),
        ({"complaints_30d": 2, "last_complaint_on": date(2026, 11, 10)}, 26, "low"),
        ({"idle_share": Decimal(50)}, 0, "low"),
        ({"overdue_amount": Decimal(10), "overdue_days": 9}, 0, "low"),
        ({"calls_today": 200, "most_in_60": 60, "distinct_callees_today": 150}, 93, "high"),
    ],
)
def test_score(known: dict[str, object], score: int, band: str) -> None:
    """R42: the documented weights give the documented scores."""
    found = assessed(**known)
    assert (found.score, found.band) == (score, band)


@pytest.mark.parametrize(
    ("kind", "known", "stops_at", "score"),
    [
        ("daily_out_calls", {"calls_today": 49}, 100, 0),
        ("daily_out_calls", {"calls_today": 50}, 100, 10),
        ("daily_out_calls", {"calls_today": 90}, 100, 40),
        ("daily_out_calls", {"calls_today": 100}, 100, 62),
        ("daily_out_calls", {"calls_today": 170}, 100, 95),
        ("daily_out_calls", {"calls_today": 200}, 400, 10),
        ("usual_calls", {"usual_calls": Decimal(100)}, 100, 60),
        ("complaints", {"complaints_30d": 1}, 1, 75),
        ("complaints", {"complaints_30d": 1, "last_complaint_on": date(2026, 11, 14)}, 1, 23),
        ("idle_days", {"last_call_on": date(2026, 10, 11)}, 40, 80),
    ],
)
def test_what_a_carrier_did_outweighs_the_rules_belief(
    kind: str, known: dict[str, object], stops_at: int, score: int
) -> None:
    """R42: where a carrier was seen to stop cards decides, whether that is below the rule's limit or above it."""
    rule = replace(BY_KIND[kind], stops_at=Decimal(stops_at))
    assert risk.assess(find(CardFacts(now=NOW, **known), [rule])).score == score


@pytest.mark.parametrize(
    ("score", "hours", "alarming"),
    [(70, None, True), (69, None, False), (62, 24, True), (62, 25, False), (61, 1, False)],
)
def test_when_somebody_must_be_told(score: int, hours: int | None, alarming: bool) -> None:
    limit_at = None if hours is None else NOW + timedelta(hours=hours)
    found = risk.Risk(score=score, band=risk.band(score), drivers=(), advice=(), limit_at=limit_at)
    assert risk.is_alarming(found, now=NOW) is alarming


@pytest.mark.parametrize(("score", "band"), [(0, "low"), (39, "low"), (40, "medium"), (69, "medium"), (70, "high")])
def test_bands(score: int, band: str) -> None:
    assert risk.band(score) == band


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "calls_today": st.integers(0, 600),
        "most_in_60": st.integers(0, 100),
        "most_in_10": st.integers(0, 30),
        "distinct_callees_today": st.integers(0, 400),
        "most_to_one_24h": st.integers(0, 20),
        "complaints_30d": st.integers(0, 5),
        "marks": st.integers(0, 9),
        "imei_changes_7d": st.integers(0, 9),
        "wrong_pins": st.integers(0, 3),
        "balance": st.decimals(-200, 500, places=2),
        "daily_burn": st.decimals(0, 60, places=2),
    },
)


@given(FACTS)
def test_the_points_add_up_to_the_score(known: dict[str, object]) -> None:
    found = assessed(**known)
    assert sum(driver.points for driver in found.drivers) == found.score
    assert 0 <= found.score <= 100
    assert len(found.advice) <= 3


@given(FACTS, st.integers(0, 600), st.integers(0, 200))
def test_more_calls_never_lower_the_risk(known: dict[str, object], calls: int, more: int) -> None:
    fewer = assessed(**known | {"calls_today": calls})
    assert assessed(**known | {"calls_today": calls + more}).score >= fewer.score


def test_the_heaviest_driver_comes_first_with_what_to_do() -> None:
    found = assessed(calls_today=170, complaints_30d=2, most_in_10=12)
    assert [driver.finding.kind for driver in found.drivers] == ["complaints", "daily_out_calls", "burst"]
    assert found.advice == ("rectify", "stop_calling_today", "slow_down")


def test_the_first_limit_that_comes() -> None:
    found = assessed(calls_today=160, calls_last_hour=40, balance=Decimal(50), daily_burn=Decimal(10))
    assert found.limit_at == NOW + timedelta(hours=1)


def test_what_is_kept_of_a_driver() -> None:
    kept = assessed(calls_today=180).drivers[0].as_json()
    assert kept == {
        "kind": "daily_out_calls",
        "code": "daily_out_calls",
        "params": {"value": "180", "limit": "200", "warn": "160"},
        "points": 55,
        "value": "180",
        "warn": "160",
        "limit": "200",
        "unit": "calls",
        "stops_at": None,
        "illustrative": True,
        "rule": None,
    }


def test_no_kind_weighs_more_than_a_cause() -> None:
    assert all(Decimal(0) <= kind.weight <= Decimal(1) for kind in KINDS.values())
