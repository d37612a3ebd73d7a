"""Rules of requests, returns and signatures."""

from datetime import date

import pytest

from agents.choices import ApprovalLevel
from agents.rules.receipts import PNG, SIGNATURE_BYTES, is_signed
from agents.rules.requests import next_level
from agents.rules.returns import is_giver_reminded, is_holder_reminded

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("level", "held", "after"),
    [
        ("supervisor", 1, None),
        ("supervisor", 2, ApprovalLevel.COMPLIANCE),
        ("compliance", 2, None),
        ("compliance", 0, None),
    ],
)
def test_above_the_quota_compliance_has_the_next_word(level, held, after) -> None:
    """R11: levels of approval."""
    assert next_level(level, count=1, held=held, quota=2) == after


@pytest.mark.parametrize(
    ("day", "holder", "giver"),
    [
        (22, False, False),
        (21, True, False),
        (20, True, False),
        (19, True, True),
        (18, True, False),
        (17, True, True),
        (13, True, True),
        (12, True, False),
    ],
)
def test_reminders_of_a_return(day: int, holder: bool, giver: bool) -> None:
    due = date(2026, 11, day)
    assert (is_holder_reminded(due, today=TODAY), is_giver_reminded(due, today=TODAY)) == (holder, giver)


@pytest.mark.parametrize(
    ("drawing", "name", "signed"),
    [
        (PNG + b"x", "", True),
        (b"", "王 芳", True),
        (b"", "王芳", False),
        (b"", "", False),
        (b"GIF89a", "王 芳", False),
        (PNG + b"x" * SIGNATURE_BYTES, "", False),
    ],
)
def test_a_receipt_is_signed_by_a_drawing_or_the_name(drawing: bytes, name: str, signed: bool) -> None:
    """R75: a signed hand-over receipt."""
    assert is_signed(name="王 芳", drawing=drawing, signed_name=name) is signed
