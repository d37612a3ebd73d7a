"""Invariant 3, R23, R73, R74: what stands between a card and an agent, and what would clear it."""

from dataclasses import replace
from datetime import date

import pytest

from agents.rules.gates import Gate, HandoutFacts, Kept, judge, parse_gate, parse_gates

TODAY = date(2026, 11, 20)
FINE = HandoutFacts(
    today=TODAY,
    service_state="active",
    custody_state="in_stock",
    real_name_state="valid",
    registrant_kind="company",
    actual_user_is_agent=True,
    agent_status="active",
)
STRICT = parse_gates({})


def test_nothing_unmet_says_what_is_met() -> None:
    verdict = judge(FINE, STRICT)
    assert (verdict.unmet, verdict.warned, len(verdict.met)) == ([], [], 8)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"service_state": "half_stop"}, "not_in_service"),
        ({"service_state": "pending"}, "not_in_service"),
        ({"real_name_state": "unknown"}, "real_name_not_valid"),
        ({"real_name_valid_until": date(2026, 11, 19)}, "real_name_expired"),
        ({"actual_user_is_agent": False}, "registered_to_other_user"),
        ({"actual_user_is_agent": False, "registrant_kind": "person"}, "personal_card_lent"),
        ({"holder": "王芳 1002", "custody_state": "issued"}, "held_already"),
        ({"reserved": Kept(for_whom="华东", starts_on=TODAY, ends_on=TODAY)}, "reserved_for_other"),
        ({"custody_state": "missing"}, "not_in_stock"),
        ({"agent_status": "left"}, "agent_left"),
        ({"agent_status": "on_hold", "hold_reason": "x"}, "agent_on_hold"),
        ({"missing_courses": ["电话营销合规"]}, "training_missing"),
        ({"unsigned_policies": ["电话卡不得私用"]}, "policy_unsigned"),
        ({"blocked_by": ["calls at night"]}, "rule_blocks"),
    ],
)
def test_each_unmet_condition_says_what_clears_it(changed: dict, code: str) -> None:
    verdict = judge(replace(FINE, **changed), STRICT)
    assert [reason.code for reason in verdict.unmet] == [code]
    assert str(verdict.unmet[0].clears)
    assert len(verdict.met) == 7


@pytest.mark.parametrize("changed", [{"real_name_valid_until": TODAY}, {"actual_user_is_agent": None}])
def test_boundaries_pass(changed: dict) -> None:
    assert judge(replace(FINE, **changed), STRICT).unmet == []


def test_a_lowered_gate_warns_until_its_day() -> None:
    gates = STRICT | {"training": Gate(warn_until=TODAY)}
    untrained = replace(FINE, missing_courses=["a", "b"])
    assert [reason.code for reason in judge(untrained, gates).warned] == ["training_missing"] * 2
    assert judge(untrained, gates).unmet == []
    tomorrow = replace(untrained, today=date(2026, 11, 21))
    assert len(judge(tomorrow, gates).unmet) == 2


def test_gates_are_read_from_settings() -> None:
    gates = parse_gates({"training": "Warn until 2026-12-31"})
    assert gates["training"].warn_until == date(2026, 12, 31)
    assert gates["real_name"].warn_until is None


@pytest.mark.parametrize("text", ["", "warn", "warn until", "warn until 2026-02-31", "off", "block now"])
def test_other_settings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a gate is"):
        parse_gate(text)
