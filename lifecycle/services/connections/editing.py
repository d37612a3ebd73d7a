"""Setting up connections: checked by their kind before they are stored, written into the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import NotVisible, Reason
from lifecycle.errors import ConnectionOff, ConnectionUnfit
from lifecycle.importers.connectors.registry import KINDS
from lifecycle.models import Connection
from lifecycle.services.connections.alerting import settle_connection_alert

EDITABLE = frozenset({"name", "kind", "subject", "carrier", "settings", "secret", "every_minutes", "is_enabled"})
# What was fetched by other settings says nothing of what the new ones fetch.
ANEW = frozenset({"kind", "subject", "carrier", "settings"})

# Of two that choose one folder at the same moment, the later sees the earlier and is refused by name.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('lifecycle.connections'))"


@transaction.atomic
def record_connection(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Connection:
    """Set up a connection; it runs at once when it is switched on. ConnectionUnfit, BadInput."""
    _set_up_alone()
    connection = Connection(next_try_at=now)
    assign(connection, facts, editable=EDITABLE)
    refuse_unfit(connection)
    connection.save(force_insert=True)
    data = {"kind": connection.kind}
    record(actor=actor, action="lifecycle.connection_recorded", subject=connection, now=now, data=data)
    return connection


@transaction.atomic
def edit_connection(*, connection_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Connection:
    """Change a connection; an empty secret keeps the one it has, since that is never shown. ConnectionUnfit, BadInput.

    Another way of asking is tried at once, and knows nothing of how new the data of the old one were. One that is
    switched off has no open alert.
    """
    _set_up_alone()
    connection = Connection.objects.locked().filter(pk=connection_id).first()
    if connection is None:
        raise NotVisible
    wanted = {name: value for name, value in changes.items() if name != "secret" or value}
    changed = assign(connection, wanted, editable=EDITABLE)
    refuse_unfit(connection)
    if not changed:
        return connection
    if ANEW.intersection(changed):
        connection.data_as_of = None
    if set(changed) != {"name"}:
        connection.next_try_at = now
    connection.save()
    if "is_enabled" in changed and connection.failing_since:
        settle_connection_alert(connection, now=now)
    record(actor=actor, action="lifecycle.connection_edited", subject=connection, now=now, data={"fields": changed})
    return connection


@transaction.atomic
def ask_run(*, connection_id: int, actor: User | None, now: datetime) -> Connection:
    """Let a connection run within a minute. ConnectionOff."""
    connection = Connection.objects.locked().filter(pk=connection_id).first()
    if connection is None:
        raise NotVisible
    if not connection.is_enabled:
        raise ConnectionOff
    connection.next_try_at = now
    connection.save(update_fields=["next_try_at"])
    record(actor=actor, action="lifecycle.connection_asked", subject=connection, now=now)
    return connection


def _set_up_alone() -> None:
    with database.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


def refuse_unfit(connection: Connection) -> Any:
    """Return the settings of a connection as its kind reads them. ConnectionUnfit names all that is wrong."""
    kind = KINDS[connection.kind]
    if connection.subject not in kind.subjects:
        message = _("This kind of connection cannot fetch that.")
        raise ConnectionUnfit(reasons=[Reason(code="subject_unfit", field="subject", message=message)])
    settings, reasons = kind.read_settings(connection.settings, connection.subject)
    if reasons:
        raise ConnectionUnfit(reasons=reasons)
    return settings
