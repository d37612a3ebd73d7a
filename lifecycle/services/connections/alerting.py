"""The alert of a connection: one open while it fails and is switched on, with what was said last."""

from datetime import datetime

from django.db import transaction

from cardfleet.kernel.clock import to_the_minute
from cards.choices import Severity
from lifecycle.choices import AlertKind, RunOutcome
from lifecycle.models import Connection
from lifecycle.services.alerts import Cause, settle_alerts


@transaction.atomic
def settle_connection_alert(connection: Connection, *, now: datetime) -> None:
    """Make the alert of a locked connection what its standing asks for: opened, refreshed, or closed.

    Nobody is told of it here: who may change connections was told when it began to fail.
    """
    since = connection.failing_since if connection.is_enabled else None
    causes = [_cause(connection, since)] if since else []
    settle_alerts(kinds=[AlertKind.CONNECTION], causes=causes, connection_ids=[connection.pk], now=now)


def _cause(connection: Connection, since: datetime) -> Cause:
    failed = connection.runs.filter(outcome=RunOutcome.FAILED).order_by("-pk")
    return Cause(
        kind=AlertKind.CONNECTION,
        connection_id=connection.pk,
        severity=Severity.HIGH,
        code="connection",
        params={
            "since": to_the_minute(since),
            "reason": failed.values_list("message", flat=True).first() or "",
        },
    )
