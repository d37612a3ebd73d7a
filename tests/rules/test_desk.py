"""The desk's clocks and endings, without a database."""

from datetime import datetime

import pytest

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Reason
from lifecycle.choices import MatterKind, MatterOutcome
from lifecycle.rules.cases.clocks import WorkingDays
from lifecycle.rules.desk import matters as rules
from lifecycle.selectors.cases.calendar import _published

DAYS = WorkingDays(_published(), frozenset(day.year for day in _published()))
NAMED = (Reason(code="named_in_case", message="#1"),)


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def facts(kind, received: str, *, extended: bool = False, named=(), **done: str) -> rules.MatterFacts:
    return rules.MatterFacts(
        kind=kind,
        received_at=at(received),
        done={code: at(moment) for code, moment in done.items()},
        is_extended=extended,
        named_in=named,
    )


@pytest.mark.parametrize(
    ("matter", "code", "due"),
    [
        # Over the National Day holiday of 2026 (1 to 7 October; 10 October is worked).
        (facts(MatterKind.COMPLAINT, "09-29 10:00"), "pass_on", "10-10 00:00"),
        (facts(MatterKind.COMPLAINT, "09-29 10:00"), "reply", "10-27 00:00"),
        # Passing it on late gives nobody more time to reply.
        (facts(MatterKind.COMPLAINT, "11-02 10:00", pass_on="11-20 10:00"), "reply", "11-24 00:00"),
        # Telling the person counts from the reply; before it, from when the reply is due.
        (facts(MatterKind.COMPLAINT, "11-02 10:00", pass_on="11-02 11:00", reply="11-06 10:00"), "tell", "11-12 00:00"),
        (facts(MatterKind.COMPLAINT, "11-02 10:00"), "tell", "11-27 00:00"),
        (facts(MatterKind.ACCESS, "11-02 10:00"), "answer", "11-24 00:00"),
        (facts(MatterKind.ACCESS, "11-02 10:00", extended=True), "answer", "12-02 10:00"),
        (facts(MatterKind.BREACH, "11-07 10:00"), "contain", "11-07 14:00"),
        (facts(MatterKind.BREACH, "11-07 10:00"), "authority", "11-08 10:00"),
    ],
)
def test_when_a_step_is_due(matter, code, due) -> None:
    """R35, R40, R83: 3, 15 and 3 working days; a request may be extended to 30 days; a breach counts in hours."""
    assert rules.dues(matter, days=DAYS)[code] == at(due)


@pytest.mark.parametrize(
    ("code", "moment", "has_proof", "codes"),
    [
        ("pass_on", "11-02 11:00", True, []),
        ("pass_on", "11-02 11:00", False, ["proof_missing"]),
        ("pass_on", "11-02 09:00", True, ["runs_backward"]),
        ("reply", "11-02 11:00", True, ["step_too_early"]),
    ],
)
def test_steps_come_in_their_order_with_proof(code, moment, has_proof, codes) -> None:
    """R40: nothing is recorded before what it rests on, nor without a word."""
    matter = facts(MatterKind.COMPLAINT, "11-02 10:00")
    assert [reason.code for reason in rules.unmet_to_do(matter, code, at=at(moment), has_proof=has_proof)] == codes


ALL_DONE = {"identity": "11-03 10:00", "answer": "11-04 10:00", "tell": "11-04 11:00"}


@pytest.mark.parametrize(
    ("kind", "done", "named", "outcome", "because", "codes"),
    [
        (MatterKind.DELETE, ALL_DONE, (), MatterOutcome.GRANTED, "", []),
        (MatterKind.DELETE, ALL_DONE, NAMED, MatterOutcome.GRANTED, "", ["named_in_case"]),
        (MatterKind.DELETE, ALL_DONE, NAMED, MatterOutcome.KEPT, "case #1 is open", []),
        (MatterKind.DELETE, ALL_DONE, NAMED, MatterOutcome.KEPT, " ", ["reason_missing"]),
        (MatterKind.ACCESS, ALL_DONE, NAMED, MatterOutcome.GRANTED, "", []),
        (MatterKind.ACCESS, {}, (), MatterOutcome.GRANTED, "", ["step_open"] * 3),
        (MatterKind.ACCESS, {}, (), MatterOutcome.WITHDRAWN, "asked by mistake", []),
        (MatterKind.ACCESS, ALL_DONE, (), MatterOutcome.SETTLED, "", ["outcome_unfit"]),
    ],
)
def test_how_a_matter_may_end(kind, done, named, outcome, because, codes) -> None:
    """R83: nobody's data goes while an open case names them; a refusal says why."""
    matter = facts(kind, "11-02 10:00", named=named, **done)
    assert [reason.code for reason in rules.unmet_to_close(matter, outcome, because)] == codes
