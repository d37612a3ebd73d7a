"""Alerts: one open a subject and kind; refreshed while the cause lasts, closed when it is gone (design, section 6)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.bulk import insert_many
from cards.choices import Severity
from lifecycle.choices import AlertState
from lifecycle.models import Alert
from lifecycle.rules.handling import REOPENED_WITHIN, is_told_again
from lifecycle.rules.priority import GRAVEST_FIRST
from lifecycle.services.storms import group_alerts

Key = tuple[str, int | None, int | None, int | None, int | None]
KEY = ("kind", "card_id", "agent_id", "matter_id", "connection_id")
REFRESHED = (
    *("severity", "code", "params", "evidence", "rule", "due_at"),
    *("state", "acknowledged_at", "acknowledged_by", "opened_at", "snoozed_until", "escalation"),
    *("closed_at", "last_seen_at", "reopened", "group"),
)
CLOSING = {"state": AlertState.CLOSED, "snoozed_until": None}


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why an alert must be open: about one thing, worded by `code` and `params`, due at `due_at`."""

    kind: str
    severity: str
    code: str
    params: dict[str, Any]
    card_id: int | None = None
    agent_id: int | None = None
    matter_id: int | None = None
    connection_id: int | None = None
    evidence: Sequence[dict[str, Any]] = field(default_factory=tuple)
    rule_id: int | None = None
    due_at: datetime | None = None

    @property
    def key(self) -> Key:
        """What the alert is about."""
        return (self.kind, self.card_id, self.agent_id, self.matter_id, self.connection_id)


@dataclass(frozen=True, kw_only=True)
class AlertsOutcome:
    """What a run changed. `worsened` are open alerts that became graver, `reopened` closed ones whose cause came back
    after long enough to be told of again; `returned` counts all that came back.
    """

    opened: Sequence[Alert]
    worsened: Sequence[Alert]
    reopened: Sequence[Alert]
    returned: int
    refreshed: int
    closed: int

    @property
    def news(self) -> list[int]:
        """The ids of what people are told of."""
        return [alert.pk for alert in (*self.opened, *self.worsened, *self.reopened)]

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        return {
            "alerts_opened": len(self.opened),
            "alerts_worsened": len(self.worsened),
            "alerts_reopened": self.returned,
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
    matter_ids: Collection[int] | None = None,
    connection_ids: Collection[int] | None = None,
) -> AlertsOutcome:
    """Make the open alerts of some kinds equal to their causes: open, refresh, close.

    With `card_ids`, `matter_ids` or `connection_ids` only alerts about those are looked at. Runs of the same kinds wait
    for each other.
    The number of statements does not depend on the number of alerts. An acknowledged or resting alert that becomes
    graver waits for somebody again. A cause that comes back within a week opens its old alert again, with its history.
    """
    _one_run_at_a_time(kinds)
    standing = Alert.objects.open().filter(kind__in=list(kinds)).locked()
    if card_ids is not None:
        standing = standing.filter(card__in=card_ids)
    if matter_ids is not None:
        standing = standing.filter(matter__in=matter_ids)
    if connection_ids is not None:
        standing = standing.filter(connection__in=connection_ids)
    known = {_key(alert): alert for alert in standing}
    wanted = {cause.key: cause for cause in causes}
    kept = [(alert, wanted[key]) for key, alert in known.items() if key in wanted]
    worsened = [alert for alert, cause in kept if GRAVEST_FIRST[_severity(cause)] < GRAVEST_FIRST[_severity(alert)]]
    changed = [_refresh(alert, cause) for alert, cause in kept if _differs(alert, cause)]
    for alert in worsened:
        _wait_anew(alert, now)
    missing = [cause for key, cause in wanted.items() if key not in known]
    returned = _reopen(missing, now)
    opened = [_new(cause, now) for cause in missing if cause.key not in returned]
    gone = [_close(alert, now) for key, alert in known.items() if key not in wanted]
    told_again = [alert for alert, closed_at in returned.values() if is_told_again(closed_at, now)]
    back = [alert for alert, _closed_at in returned.values()]
    insert_many(opened)
    # Faster than an update with a case for each row; they are locked, so each conflicts with itself.
    insert_many([*changed, *back], key="id", update=REFRESHED)
    Alert.objects.filter(pk__in=[alert.pk for alert, _cause in kept]).update(last_seen_at=now)
    Alert.objects.filter(pk__in=[alert.pk for alert in gone]).update(**CLOSING, closed_at=now)
    if opened or back or gone:
        group_alerts(now=now)
    _journal(opened, "lifecycle.alert_opened", now)
    _journal(worsened, "lifecycle.alert_worsened", now)
    _journal(back, "lifecycle.alert_reopened", now)
    _journal(gone, "lifecycle.alert_closed", now)
    return AlertsOutcome(
        opened=opened,
        worsened=worsened,
        reopened=told_again,
        returned=len(back),
        refreshed=len(kept),
        closed=len(gone),
    )


def _one_run_at_a_time(kinds: Collection[str]) -> None:
    with connection.cursor() as cursor:
        for kind in sorted(kinds):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"lifecycle.alerts.{kind}"])


def _reopen(missing: Sequence[Cause], now: datetime) -> dict[Key, tuple[Alert, datetime]]:
    """Return the alerts that causes bring back, made ready to be stored, each with when it was closed."""
    if not missing:
        return {}
    about = Q()
    for of in KEY[1:]:
        about |= Q(**{f"{of}__in": {getattr(cause, of) for cause in missing} - {None}})
    closed = Alert.objects.filter(about, state=AlertState.CLOSED, kind__in={cause.kind for cause in missing})
    lately = closed.filter(closed_at__gt=now - REOPENED_WITHIN).order_by("closed_at", "pk")
    latest: dict[Key, int] = {(kind, *about): pk for pk, kind, *about in lately.values_list("pk", *KEY)}
    back = {cause.key: cause for cause in missing if cause.key in latest}
    alerts = Alert.objects.filter(pk__in=[latest[key] for key in back]).locked()
    return {_key(alert): _come_back(alert, back[_key(alert)], now) for alert in alerts}


def _come_back(alert: Alert, cause: Cause, now: datetime) -> tuple[Alert, datetime]:
    closed_at = alert.closed_at or now
    _refresh(alert, cause)
    _wait_anew(alert, now)
    alert.closed_at, alert.last_seen_at, alert.reopened = None, now, alert.reopened + 1
    alert.group_id = None
    return alert, closed_at


def _wait_anew(alert: Alert, now: datetime) -> None:
    alert.state, alert.acknowledged_at, alert.acknowledged_by = AlertState.OPEN, None, None
    alert.opened_at, alert.snoozed_until, alert.escalation = now, None, 0


def _key(alert: Alert) -> Key:
    return (alert.kind, alert.card_id, alert.agent_id, alert.matter_id, alert.connection_id)


def _new(cause: Cause, now: datetime) -> Alert:
    return Alert(
        card_id=cause.card_id,
        agent_id=cause.agent_id,
        matter_id=cause.matter_id,
        connection_id=cause.connection_id,
        kind=cause.kind,
        severity=cause.severity,
        code=cause.code,
        params=cause.params,
        evidence=list(cause.evidence),
        rule_id=cause.rule_id,
        due_at=cause.due_at,
        first_seen_at=now,
        opened_at=now,
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
        Deed(
            action=action,
            subject=alert.about,
            data={"kind": alert.kind, "code": alert.code, "alert": alert.pk},
        )
        for alert in alerts
    ]
    if deeds:
        record_many(deeds, actor=None, now=now)
