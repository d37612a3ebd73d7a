"""What a refusal and a consent mean beside others: a table."""

from datetime import datetime

import pytest

from agents.choices import ListingKind
from agents.rules.callees import CalleeStanding, Entry, judge, read_callee, standing
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.reading import Unreadable

GIVEN = datetime(2026, 11, 1, tzinfo=SHANGHAI)
LATE, LATER = GIVEN.replace(month=12), GIVEN.replace(year=2027)


def said(text: str, expires_at: datetime | None = None) -> Entry:
    """Return "refusal sales" or "consent"."""
    word, _space, purpose = text.partition(" ")
    kind = {"refusal": ListingKind.DO_NOT_CALL, "consent": ListingKind.CONSENT}[word]
    return Entry(
        kind=kind, number="+8613800001234", source="form", given_at=GIVEN, purpose=purpose, expires_at=expires_at
    )


@pytest.mark.parametrize(
    ("new", "held", "verdict"),
    [
        (said("consent"), [], "new"),
        (said("consent"), [said("consent")], "known"),
        (said("consent sales"), [said("consent")], "new"),
        (said("consent", LATE), [said("consent", LATER)], "known"),
        (said("consent", LATER), [said("consent", LATE)], "renews"),
        (said("consent"), [said("consent", LATE)], "renews"),
        (said("consent", LATER), [said("consent")], "known"),
        (said("consent"), [said("refusal")], "refused"),
        (said("consent sales"), [said("refusal")], "refused"),
        (said("consent"), [said("refusal sales")], "refused"),
        (said("consent service"), [said("refusal sales")], "new"),
        (said("refusal"), [said("consent")], "new"),
        (said("refusal"), [said("refusal")], "known"),
    ],
)
def test_what_becomes_of_what_is_said(new, held, verdict):
    """R60: nobody who refused is listed as consenting until the refusal is withdrawn."""
    assert judge(new, held) == verdict


@pytest.mark.parametrize(
    ("held", "purpose", "expected"),
    [
        ([], "sales", (False, False)),
        (["consent"], "sales", (False, True)),
        (["consent sales"], "sales", (False, True)),
        (["consent service"], "sales", (False, False)),
        (["consent sales"], "", (False, False)),
        (["refusal"], "sales", (True, False)),
        (["refusal sales"], "service", (False, False)),
        (["refusal sales"], "", (True, False)),
        (["refusal sales", "consent service"], "service", (False, True)),
    ],
)
def test_what_holds_for_a_purpose(held, purpose, expected):
    """R40, R57: consent for one purpose is none for another; a refusal outranks it."""
    do_not_call, consent = expected
    assert standing([said(text) for text in held], purpose) == CalleeStanding(do_not_call=do_not_call, consent=consent)


@pytest.mark.parametrize(
    ("text", "number"),
    [("138 0000-1234", "+8613800001234"), ("+8613800001234", "+8613800001234"), ("021-62345678", "+862162345678")],
)
def test_a_number_is_read_as_call_records_hold_it(text, number):
    assert read_callee(text) == number


@pytest.mark.parametrize("text", ["", "未知", "138****1234", "nobody", "1.38E+10", "12", "10086"])
def test_a_number_that_is_none_is_refused_without_repeating_it(text):
    """R4: the refusal of a number never repeats it."""
    with pytest.raises(Unreadable) as refusal:
        read_callee(text)
    assert refusal.value.as_reason(value=text).value == ""
