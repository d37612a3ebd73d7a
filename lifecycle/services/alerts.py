"""Alerts: one open a subject and kind; refreshed while the cause lasts, closed when it is gone (design, section 6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.errors import NotVisible
from cards.choices import Severity
from lifecycle.choices import AlertState
from lifecycle.errors import AlertClosed
from lifecycle.models import Alert
from lifecycle.rules.priority import GRAVEST_FIRST

REFRESHED = (
    *("severity", "code", "params", "evidence", "rule", "due_at"),
    *("state", "acknowledged_at", "acknowledged_by"),
)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why an alert must be open: about a card or an agent, worded by `code` and `params`, due at `due_at`."""

    kind: str
    severity: str
    code: str
    params: dict[str, Any]
    card_id: int | None = None
    agent_id: int | None = None
    evidence: Sequence[dict[str, Any]] = field(default_factory=tuple)
    rule_id: int | None = None
    due_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int | None, int | None]:
        """What the alert is about."""
        return (self.kind, self.card_id, self.agent_id)


@dataclass(frozen=True, kw_only=True)
class AlertsOutcome:
    """What a run changed. `worsened` are open alerts that became graver, which somebody must be told again."""

    opened: Sequence[Alert]
    worsened: Sequence[Alert]
    refreshed: int
    closed: int

    @property
    def news(self) -> list[int]:
        """The ids of what people are told of."""
        return [alert.pk for alert in (*self.opened, *self.worsened)]

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        return {
            "alerts_opened": len(self.opened),
            "alerts_worsened": len(self.worsened),
            "alerts_kept": self.refreshed,
            "alerts_closed": self.closed,
        }


@transaction.atomic
def settle_alerts(
    *,
    kinds: Collection[str],
    causes: Sequence[Cause],
    now: datetime,
    card_ids: Collection[int] | None = None,
) -> AlertsOutcome:
    """Make the open alerts of some kinds equal to their causes: open, refresh, close.

    With `card_ids` only alerts about those cards are looked at. Runs of the same kinds wait for each other. The number
    of statements does not depend on the number of alerts. An acknowledged alert that becomes graver is open again.
    """
    _one_run_at_a_time(kinds)
    standing = Alert.objects.open().filter(kind__in=list(kinds)).locked()
    if card_ids is not None:
        standing = standing.filter(card__in=card_ids)
    known = {(alert.kind, alert.card_id, alert.agent_id): alert for alert in standing}
    wanted = {cause.key: cause for cause in causes}
    opened = [_new(cause, now) for key, cause in wanted.items() if key not in known]
    kept = [(alert, wanted[key]) for key, alert in known.items() if key in wanted]
    worsened = [alert for alert, cause in kept if GRAVEST_FIRST[_severity(cause)] < GRAVEST_FIRST[_severity(alert)]]
    changed = [_refresh(alert, cause) for alert, cause in kept if _differs(alert, cause)]
    for alert in worsened:
        alert.state, alert.acknowledged_at, alert.acknowledged_by = AlertState.OPEN, None, None
    gone = [_close(alert, now) for key, alert in known.items() if key not in wanted]
    insert_many(opened)
    # Faster than an update with a case for each row; they are locked, so each conflicts with itself.
    insert_many(changed, key="id", update=REFRESHED)
    Alert.objects.filter(pk__in=[alert.pk for alert, _cause in kept]).update(last_seen_at=now)
    Alert.objects.filter(pk__in=[alert.pk for alert in gone]).update(state=AlertState.CLOSED, closed_at=now)
    _journal(opened, "lifecycle.alert_opened", now)
    _journal(worsened, "lifecycle.alert_worsened", now)
    _journal(gone, "lifecycle.alert_closed", now)
    return AlertsOutcome(opened=opened, worsened=worsened, refreshed=len(kept), closed=len(gone))


@transaction.atomic
def acknowledge(*, alert_id: int, actor: User, now: datetime) -> Alert:
    """Say that somebody sees to it; the alert stays open until its cause is gone. A second time changes nothing."""
    alert = Alert.objects.filter(pk=alert_id).locked().first()
    if alert is None:
        raise NotVisible
    if alert.state == AlertState.CLOSED:
        raise AlertClosed
    if alert.state == AlertState.ACKNOWLEDGED:
        return alert
    alert.state = AlertState.ACKNOWLEDGED
    alert.acknowledged_at, alert.acknowledged_by = now, actor
    alert.save(update_fields=["state", "acknowledged_at", "acknowledged_by"])
    record(
        actor=actor,
        action="lifecycle.alert_acknowledged",
        subject=_subject(alert),
        now=now,
        data={"kind": alert.kind},
    )
    return alert


def _one_run_at_a_time(kinds: Collection[str]) -> None:
    with connection.cursor() as cursor:
        for kind in sorted(kinds):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lifecycle.alerts.{kind}"])


def _new(cause: Cause, now: datetime) -> Alert:
    return Alert(
        card_id=cause.card_id,
        agent_id=cause.agent_id,
        kind=cause.kind,
        severity=cause.severity,
        code=cause.code,
        params=cause.params,
        evidence=list(cause.evidence),
        rule_id=cause.rule_id,
        due_at=cause.due_at,
        first_seen_at=now,
        last_seen_at=now,
    )


def _severity(thing: Alert | Cause) -> Severity:
    return Severity(thing.severity)


def _differs(alert: Alert, cause: Cause) -> bool:
    stored = (alert.severity, alert.code, alert.params, alert.evidence, alert.rule_id, alert.due_at)
    return stored != (cause.severity, cause.code, cause.params, list(cause.evidence), cause.rule_id, cause.due_at)


def _refresh(alert: Alert, cause: Cause) -> Alert:
    alert.severity, alert.code, alert.params = cause.severity, cause.code, cause.params
    alert.evidence, alert.rule_id, alert.due_at = list(cause.evidence), cause.rule_id, cause.due_at
    return alert


def _close(alert: Alert, now: datetime) -> Alert:
    alert.state, alert.closed_at = AlertState.CLOSED, now
    return alert


def _journal(alerts: Sequence[Alert], action: str, now: datetime) -> None:
    deeds = [
        Deed(action=action, subject=_subject(alert), data={"kind": alert.kind, "code": alert.code}) for alert in alerts
    ]
    if deeds:
        record_many(deeds, actor=None, now=now)


def _subject(alert: Alert) -> str:
    return f"cards.card:{alert.card_id}" if alert.card_id else f"agents.agent:{alert.agent_id}"
