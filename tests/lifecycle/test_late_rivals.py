"""A hand-out is undone while an import of that very time runs: no call stays with whom it never was (R13)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone

from billing.models import UsageCharge, UsageRecord
from billing.selectors.proofs import wrong_usage
from billing.services.attributions import wait_for_imports
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.reference import load as load_reference
from lifecycle.services.allocation import undo_hand_out
from tests.billing.conftest import OWN, generic, load  # noqa: F401 - a fixture
from tests.cards.test_rivals import beside
from tests.conftest import wait_until
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = generic("13812345678,2026-11-19 09:00:00,out,13900000001,30,0.20")
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture
def mistake():
    """A hand-out of before the call, to an agent who never had the card."""
    load_reference(now=timezone.now())
    return hand_over(CardFactory(msisdn=OWN), AgentFactory(), at=datetime(2026, 11, 19, 8, tzinfo=SHANGHAI))


def whose() -> set[int | None]:
    """Who answers for the charges; what is stored proves itself."""
    assert UsageRecord.objects.count() == 1
    assert not list(wrong_usage())
    return set(UsageCharge.objects.values_list("agent_id", flat=True))


def waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def test_an_import_that_resolved_before_stores_what_holds_then(mistake, load, now):  # noqa: F811
    """The import has stamped its rows and waits for its turn; then the hand-out is undone."""

    def importing() -> None:
        try:
            load(CALLS)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            wait_for_imports()
            running = pool.submit(importing)
            wait_until(waits, what="the import never came to its lock", seconds=30)
            undo_hand_out(assignment_id=mistake.pk, reason="the other card was meant", actor=None, now=now)
        running.result(timeout=30)
    assert whose() == {None}


def test_an_undoing_waits_for_the_import_that_stores(mistake, load, now):  # noqa: F811
    """The import has stored its rows and not committed; the hand-out is undone beside it."""
    error = beside(
        lambda: load(CALLS),
        lambda: undo_hand_out(assignment_id=mistake.pk, reason="mistake", actor=None, now=now),
    )
    assert error is None
    assert whose() == {None}
