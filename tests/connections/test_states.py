"""States fetched from a carrier: written when they changed, as of when the carrier says, with what follows (R34)."""

from datetime import timedelta

import pytest

from cards.models import CardChange
from lifecycle.models import Case, ConnectionRun
from lifecycle.services.connections.running import run_due
from tests.billing.conftest import at
from tests.connections.carrier import paged
from tests.connections.conftest import NUMBERS

SETTINGS = {
    "params": {"page": "{page}"},
    "rows": "data.items",
    "total": "data.total",
    "as_of": "data.asOf",
    "fields": {"msisdn": "phone", "state": "status", "reason": "why"},
    "words": {"state": {"1": "active", "2": "full_stop"}, "reason": {"9": "arrears"}},
}


def rows(*states: str) -> list[dict]:
    """Rows of an answer: a state for each of the numbers."""
    return [
        {"phone": number, "status": state, "why": "9" if state == "2" else ""}
        for number, state in zip(NUMBERS, states, strict=False)
    ]


def test_only_what_changed_is_written_as_of_its_moment(cards, carrier, connect, now, reference):
    """R34: the same answer again writes nothing; a stop that was found opens a case as that of a file does."""
    carrier.answer = paged(rows("1", "2", "欠费停机"), asOf="2026-11-20T01:00:00Z")
    connect(subject="states", settings=SETTINGS)
    run_due(now=now)
    changes = CardChange.objects.filter(source="carrier").order_by("card__msisdn")
    assert list(changes.values_list("card__msisdn", "to_state", "reason", "at")) == [
        (NUMBERS[1], "full_stop", "arrears", at(20, 9)),
        (NUMBERS[2], "full_stop", "arrears", at(20, 9)),
    ]
    assert Case.objects.filter(kind="suspension").count() == 2
    run_due(now=now + timedelta(hours=1))
    assert CardChange.objects.filter(source="carrier").count() == 2
    assert ConnectionRun.objects.first().rows_stored == 0


@pytest.mark.usefixtures("reference")
def test_unknown_words_and_states_out_of_order_are_named_and_the_rest_stored(cards, carrier, connect, now):
    carrier.answer = paged(rows("moonlit", "2"), asOf="2026-11-20 09:00:00")
    connect(subject="states", settings=SETTINGS)
    run_due(now=now)
    run = ConnectionRun.objects.get()
    assert (run.rows_stored, [(row["line"], row["column"]) for row in run.refused]) == (1, [(1, "state")])


@pytest.mark.usefixtures("reference")
def test_yesterdays_states_are_refused(cards, carrier, connect, now):
    """A copy that stands still would set cards back that the carrier stopped since."""
    carrier.answer = paged(rows("1", "2", "1"), asOf="2026-11-20 09:00:00")
    connect(subject="states", settings=SETTINGS)
    run_due(now=now)
    carrier.answer = paged(rows("1", "1", "1"), asOf="2026-11-19 09:00:00")
    run_due(now=now + timedelta(hours=1))
    assert ConnectionRun.objects.first().code == "answer_outdated"
    assert CardChange.objects.filter(source="carrier").count() == 1
