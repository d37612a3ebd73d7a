"""Running connections: each due one is taken once, asked outside any transaction, and stored in one.

Whoever moves `next_try_at` ahead has the connection. A worker that dies leaves a run that the next one, a quarter of an
hour later, calls lost; nothing of it is stored. Storing what was stored before adds nothing.
"""

import time
from datetime import datetime, timedelta

from django.db import transaction

from agents.importers.agents import AgentSheet
from cardfleet.kernel.errors import Refusal
from lifecycle.choices import RunOutcome
from lifecycle.importers.connectors.interface import CallFile, Connector
from lifecycle.models import Connection, ConnectionRun
from lifecycle.services.connections.asking import Fetched, Kept, connector_of, fetch
from lifecycle.services.connections.ending import Superseded, fail, locked, pass_over, succeed
from lifecycle.services.connections.people import store_agents
from lifecycle.services.connections.storing import Stored, store_calls, store_readings

LEASE = timedelta(minutes=15)
MOST_AT_ONCE = 100


def run_due(*, now: datetime) -> dict[str, int]:
    """Run every connection whose time has come, and return how many are done, failed and lost to another run."""
    counts = {RunOutcome.DONE.value: 0, RunOutcome.FAILED.value: 0, RunOutcome.LOST.value: 0}
    due = Connection.objects.due(now).order_by("next_try_at", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        for _time in range(MOST_AT_ONCE):  # where several files wait, it is due again at once
            run = claim(connection_id=pk, now=now)
            if run is None:
                break
            outcome = run_claimed(run=run, now=now)
            if outcome in counts:  # else nothing was there to fetch
                counts[outcome] += 1
    return counts


@transaction.atomic
def claim(*, connection_id: int, now: datetime) -> ConnectionRun | None:
    """Take a connection that is due and begin its run; None where somebody else has it."""
    if not Connection.objects.due(now).filter(pk=connection_id).update(next_try_at=now + LEASE):
        return None
    ConnectionRun.objects.filter(connection=connection_id, outcome=RunOutcome.RUNNING).update(outcome=RunOutcome.LOST)
    return ConnectionRun.objects.create(connection_id=connection_id, started_at=now)


def run_claimed(*, run: ConnectionRun, now: datetime) -> str:
    """Ask, store and end a run; return its outcome. What another run took over meanwhile is left to that."""
    kept, began = Kept(), time.monotonic()
    connection = Connection.objects.select_related("carrier").get(pk=run.connection_id)
    try:
        try:
            connector = connector_of(connection, now=now, keep=kept.keep)
        except Refusal as refusal:
            fail(run=run, refusal=refusal, kept=kept, took_ms=_since(began), now=now)
        else:
            _ask_and_store(run, connector, kept, began, now=now)
    except Superseded:
        return RunOutcome.LOST.value
    return run.outcome


def _ask_and_store(run: ConnectionRun, connector: Connector, kept: Kept, began: float, *, now: datetime) -> None:
    """Store what is fetched, whole or not at all; only then is it put away where it came from."""
    refused: Refusal | None = None
    try:
        fetched = fetch(connector, run.connection.subject)
        with transaction.atomic():
            connection = locked(run)
            if fetched is None:
                pass_over(run=run, connection=connection, now=now)
            else:
                stored = _store(run, connection, fetched, now=now)
                succeed(run=run, connection=connection, stored=stored, kept=kept, took_ms=_since(began), now=now)
    except Refusal as refusal:
        refused = refusal
        fail(run=run, refusal=refusal, kept=kept, took_ms=_since(began), now=now)
    connector.settle(refused)


def _store(run: ConnectionRun, connection: Connection, fetched: Fetched, *, now: datetime) -> Stored:
    if isinstance(fetched, AgentSheet):
        return store_agents(run, fetched, create_missing=connection.settings.get("create_missing", False), now=now)
    if isinstance(fetched, CallFile):
        return store_calls(fetched, now=now)
    return store_readings(connection, fetched, now=now)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
