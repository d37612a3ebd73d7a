"""Imports that are killed, and imports that meet: nothing is lost, nothing is doubled (invariants 6 and 8)."""

import os
import random
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files import File
from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from billing.models import LedgerEntry, UsageBatch, UsageDaily, UsageRecord
from billing.selectors.proofs import wrong_balances, wrong_usage
from billing.services.usage_requests import Delivery, request_import
from cardfleet.accounts.choices import Role
from cardfleet.jobs.services.jobs import rescue_jobs
from cardfleet.jobs.tasks import run_job
from tests.billing.conftest import HEADER, at
from tests.conftest import wait_until
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

KILLS = int(os.environ.get("USAGE_KILLS", "2"))
CALLS, CARDS = 3_000, 20


@pytest.fixture
def asked(transactional_db, reference, tmp_path: Path) -> Iterator[object]:
    """Ask for the import of a file of calls of one day, and return its batch."""
    person = PersonFactory(role=Role.FINANCE)
    for number in range(CARDS):
        CardFactory(msisdn=f"+861380000{number:04}")

    def ask(day: int) -> UsageBatch:
        path = tmp_path / f"{day}.csv"
        moments = [at(1 + day, 9) + timedelta(seconds=7 * number) for number in range(CALLS)]
        rows = [
            f"1380000{number % CARDS:04},{moment:%Y-%m-%d %H:%M:%S},out,1390000{number % 97:04},{number % 90},0.10"
            for number, moment in enumerate(moments)
        ]
        path.write_text("\n".join([HEADER, *rows]))
        with path.open("rb") as file:
            delivery = Delivery(content=File(file, path.name), name=path.name, source="carrier")
            return request_import(delivery=delivery, actor=person, now=timezone.now())

    return ask


def stored(batch: UsageBatch) -> int:
    return UsageRecord.objects.filter(batch_id=batch.pk).count()


def prove(files: int) -> None:
    """Everything is there once, and rollups, charges, postings and balances say so."""
    assert UsageRecord.objects.count() == files * CALLS
    assert UsageDaily.objects.aggregate(calls=Sum("calls"))["calls"] == files * CALLS
    assert LedgerEntry.objects.aggregate(sum=Sum("amount"))["sum"] == -files * CALLS * Decimal("0.10")
    assert not list(wrong_usage())
    assert not list(wrong_balances())


def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(asked, worker):
    """R82: kill -9 while an import runs, each time elsewhere; what was begun is taken up again and stored once.

    USAGE_KILLS says how often.
    """
    chance = random.Random(20261122)
    whole = 1.0
    for kill in range(KILLS):
        batch = asked(kill)
        begun = time.monotonic()
        run_job.delay(batch.job_id)
        if kill:
            wait_until(lambda batch=batch: _state(batch) != "queued", what="nobody took the job")
            time.sleep(chance.uniform(0, whole))
        else:
            wait_until(lambda batch=batch: _state(batch) == "done", what="the import does not end")
            whole = time.monotonic() - begun
        worker.kill()
        assert stored(batch) in (0, CALLS)
        worker.start()
        for job in rescue_jobs(now=timezone.now() + timedelta(minutes=5)):
            run_job.delay(job)
        wait_until(lambda batch=batch: _state(batch) == "done", what="the import is not taken up again")
        assert stored(batch) == CALLS
    prove(KILLS)


def _state(batch: UsageBatch) -> str:
    batch.job.refresh_from_db()
    return batch.job.state


def test_two_workers_on_the_same_file_store_it_once(asked):
    """The same calls in two batches at the same moment; and one job called out twice."""
    batches = [asked(1), asked(1)]
    jobs = [batch.job_id for batch in batches] * 2
    threads = [threading.Thread(target=_run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batches = list(UsageBatch.objects.order_by("rows_stored"))
    assert [batch.state for batch in batches] == ["stored", "stored"]
    assert [(batch.rows_stored, batch.rows_duplicate) for batch in batches] == [(0, CALLS), (CALLS, 0)]
    prove(1)


def _run(job: int) -> None:
    try:
        run_job(job)
    finally:
        connections.close_all()
