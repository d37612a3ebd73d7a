"""The end of a run: what came of it, when the connection is due again, and the one open alert of its failing."""

from dataclasses import fields
from datetime import datetime, timedelta

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from lifecycle.choices import RunOutcome
from lifecycle.importers.connectors.registry import KINDS
from lifecycle.messages import CONNECTION_FAILS, CONNECTION_WORKS
from lifecycle.models import Connection, ConnectionRun
from lifecycle.rules.connections.schedule import wait_after
from lifecycle.services.connections.alerting import settle_connection_alert
from lifecycle.services.connections.asking import Kept
from lifecycle.services.connections.storing import Stored

KEPT = timedelta(days=30)
PURPOSE = "connections.raw"
# `imports` are rows of another table.
COUNTED = [one.name for one in fields(Stored) if one.name != "imports"]
RIGHT = "lifecycle.change_connection"


class Superseded(Exception):
    """Another run took the connection over, or it was asked anew, before this one ended."""


@transaction.atomic
def locked(run: ConnectionRun) -> Connection:
    """Lock the connection of a run that still has it. Superseded."""
    connection = Connection.objects.locked().select_related("carrier").get(pk=run.connection_id)
    if not ConnectionRun.objects.filter(pk=run.pk, outcome=RunOutcome.RUNNING).exists():
        raise Superseded
    return connection


@transaction.atomic
def succeed(
    *, run: ConnectionRun, connection: Connection, stored: Stored, kept: Kept, took_ms: int, now: datetime
) -> None:
    """End a run of a locked connection that stored something, or found that all was known; close the open alert."""
    for name in COUNTED:
        setattr(run, name, getattr(stored, name))
    run.outcome, run.took_ms, run.raw = RunOutcome.DONE, took_ms, _stored_raw(run, kept, now)
    run.save()
    run.imports.set(stored.imports)
    since = connection.failing_since
    connection.data_as_of = stored.data_as_of or connection.data_as_of
    connection.last_success_at, connection.failures, connection.failing_since = now, 0, None
    every = timedelta(0) if KINDS[connection.kind].goes_on else timedelta(minutes=connection.every_minutes)
    connection.next_try_at = now + every
    connection.save()
    if since:
        settle_connection_alert(connection, now=now)
        record(actor=None, action="lifecycle.connection_recovered", subject=connection, now=now)
        day = to_the_minute(since)
        _tell(
            connection,
            CONNECTION_WORKS,
            {"name": connection.name, "since": day},
            key=f"works:{since.isoformat()}",
            now=now,
        )


@transaction.atomic
def pass_over(*, run: ConnectionRun, connection: Connection, now: datetime) -> None:
    """End a run of a locked connection for which nothing was there; it leaves no trace, and closes no alert."""
    run.delete()
    connection.next_try_at = now + timedelta(minutes=connection.every_minutes)
    connection.save(update_fields=["next_try_at"])


@transaction.atomic
def fail(*, run: ConnectionRun, refusal: Refusal, kept: Kept, took_ms: int, now: datetime) -> None:
    """End a run of which nothing was stored; as many in a row as its kind says open the alert, further ones keep it."""
    connection = locked(run)
    sentences = dict.fromkeys([str(refusal.message), *(str(reason.message) for reason in refusal.reasons)])
    run.code, run.message = refusal.code, " ".join(sentences)
    run.outcome, run.took_ms, run.raw = RunOutcome.FAILED, took_ms, _stored_raw(run, kept, now)
    run.save()
    connection.failures += 1
    connection.next_try_at = now + wait_after(connection.failures, every=timedelta(minutes=connection.every_minutes))
    if connection.failures >= KINDS[connection.kind].told_after and connection.failing_since is None:
        connection.failing_since = now
        data = {"count": connection.failures}
        record(actor=None, action="lifecycle.connection_failing", subject=connection, now=now, data=data)
        params = {"name": connection.name, "count": connection.failures, "reason": run.message}
        _tell(connection, CONNECTION_FAILS, params, key=f"fails:{now.isoformat()}", now=now)
    connection.save()
    if connection.failing_since:
        settle_connection_alert(connection, now=now)


def _stored_raw(run: ConnectionRun, kept: Kept, now: datetime) -> StoredFile | None:
    if not kept.answers:
        return None
    return store(
        content=kept.packed(),
        name=f"answers-{run.pk}.zip",
        purpose=PURPOSE,
        owner=None,
        subject=run,
        now=now,
        delete_after=now + KEPT,
        made_here=True,
    )


def _tell(connection: Connection, code: str, params: dict[str, object], *, key: str, now: datetime) -> None:
    url = url_or_empty("admin:lifecycle_connection_change", connection.pk)
    people = User.objects.with_right(RIGHT).filter(is_active=True)
    key = f"connection:{connection.pk}:{key}"
    tell_many(
        tellings=[Telling(user=person, code=code, params=params, key=key, url=url, email=True) for person in people],
        now=now,
    )
