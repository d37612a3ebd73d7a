"""Two workers at once, a worker killed in the middle, settings changed meanwhile: once, whole, or not at all."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from billing.models import BalanceReading
from cardfleet.kernel.errors import BadInput
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.editing import edit_connection, record_connection
from lifecycle.services.connections.running import LEASE, claim, run_due
from tests.conftest import database_url
from tests.connections.carrier import paged
from tests.connections.conftest import NUMBERS, balance

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
ROWS = [balance(number, 1000) for number in NUMBERS]


def test_two_workers_at_once_ask_once(cards, carrier, connect, now):
    """Each goes over all that is due; whoever moves it ahead has it."""
    carrier.answer = paged(ROWS)
    connect()

    def work(_number):
        try:
            return run_due(now=now)["done"]
        finally:
            database.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(carrier.asked) == 2
    assert ConnectionRun.objects.count() == 1


def test_a_folder_chosen_while_another_is_being_saved_with_it_is_refused_by_name(now):
    """The second waits for the first, and is told as if it had come a day later."""
    facts = {"kind": "folder", "subject": "agents", "settings": {"folder": "hr"}}

    def choose():
        try:
            record_connection(facts={"name": "second", **facts}, actor=None, now=now)
        except BadInput as refused:
            return [reason.code for reason in refused.reasons]
        finally:
            database.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            record_connection(facts={"name": "first", **facts}, actor=None, now=now)
            second = pool.submit(choose)
            with database.cursor() as cursor:
                while cursor.execute(WAITING) or not cursor.fetchone()[0]:
                    assert not second.done()
        assert second.result() == ["folder_taken"]
    assert Connection.objects.get().name == "first"


def test_a_worker_killed_while_the_carrier_answers_leaves_nothing(cards, carrier, connect):
    """`kill -9` after the first page: nothing of it is stored, the next run a quarter of an hour later has it all."""
    asked, killed = Event(), Event()

    def stall(page):
        if page.values["page"] == "2":
            asked.set()
            killed.wait(timeout=60)
        return paged(ROWS)(page)

    carrier.answer = stall
    connect()
    Connection.objects.update(next_try_at=timezone.now())
    environment = {**os.environ, "DATABASE_URL": database_url(), "OUTGOING_ALLOWED_HOSTS": "127.0.0.1/32"}
    command = [sys.executable, "manage.py", "run_job", "run_connections"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        assert asked.wait(timeout=60)
        os.killpg(process.pid, signal.SIGKILL)
    killed.set()
    assert BalanceReading.objects.count() == 0
    assert run_due(now=timezone.now()) == {"done": 0, "failed": 0, "lost": 0}
    carrier.answer = paged(ROWS)
    assert run_due(now=timezone.now() + LEASE) == {"done": 1, "failed": 0, "lost": 0}
    assert BalanceReading.objects.count() == 3
    assert list(ConnectionRun.objects.order_by("id").values_list("outcome", flat=True)) == ["lost", "done"]


def test_what_comes_by_settings_that_were_changed_meanwhile_is_left(cards, carrier, connect, now):
    """The run that the change began has the connection; the slow one stores nothing and breaks nothing."""
    connection = connect()

    def change_meanwhile(asked):
        if len(carrier.asked) == 1:
            settings = {**connection.settings, "times": "local"}
            edit_connection(connection_id=connection.pk, changes={"settings": settings}, actor=None, now=now)
            claim(connection_id=connection.pk, now=now)
            database.close()
        return paged(ROWS)(asked)

    carrier.answer = change_meanwhile
    assert run_due(now=now) == {"done": 0, "failed": 0, "lost": 1}
    assert BalanceReading.objects.count() == 0
    assert run_due(now=now + LEASE + timedelta(seconds=1)) == {"done": 1, "failed": 0, "lost": 0}
    assert BalanceReading.objects.count() == 3
