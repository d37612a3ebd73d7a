"""What people do about alerts, one or many at once: see to it, let rest, assign, put back, comment.

Each deed is one transaction with a fixed number of statements. What cannot be done with one alert is said of that one
and does not keep the others from it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed as Entry
from cardfleet.journal.recording import record_many
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import tell
from lifecycle.choices import AlertDeed, AlertState
from lifecycle.errors import AlertClosed, AssigneeUnfit, CommentMissing, SnoozePastDeadline, SnoozeUnfit
from lifecycle.messages import ASSIGNED
from lifecycle.models import Alert
from lifecycle.rules.handling import LONGEST_SNOOZE, may_rest

LONGEST_COMMENT = 1000
Values = Mapping[str, Any]
Decide = Callable[[Alert], Values | None]


@dataclass(frozen=True, kw_only=True)
class Handled:
    """What came of a deed: the ids it was done with, those that were so already, and why not with others."""

    done: Sequence[int]
    kept: Sequence[int]
    refused: Mapping[int, Refusal]

    def only(self) -> None:
        """Raise the refusal of a deed with one alert."""
        for refusal in self.refused.values():
            raise refusal


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A deed somebody asks for, with the end of a rest, the person assigned or the words of a comment."""

    deed: AlertDeed
    until: datetime | None = None
    person: User | None = None
    text: str = ""


def handle(*, asked: Asked, alert_ids: Collection[int], actor: User, now: datetime) -> Handled:
    """Do what is asked with some alerts; refuses as each deed does."""
    match asked.deed:
        case AlertDeed.ACKNOWLEDGE:
            return acknowledge(alert_ids=alert_ids, actor=actor, now=now)
        case AlertDeed.SNOOZE:
            return snooze(alert_ids=alert_ids, until=asked.until or now, actor=actor, now=now)
        case AlertDeed.ASSIGN:
            if asked.person is None:
                raise AssigneeUnfit
            return assign(alert_ids=alert_ids, person=asked.person, actor=actor, now=now)
        case AlertDeed.PUT_BACK:
            return put_back(alert_ids=alert_ids, actor=actor, now=now)
        case AlertDeed.COMMENT:
            return comment(alert_ids=alert_ids, text=asked.text, actor=actor, now=now)


@transaction.atomic
def acknowledge(*, alert_ids: Collection[int], actor: User, now: datetime) -> Handled:
    """Say that one sees to it; it stays open until its cause is gone. A second time changes nothing."""
    values = {"state": AlertState.ACKNOWLEDGED, "acknowledged_at": now, "acknowledged_by": actor, "assignee": actor}

    def decide(alert: Alert) -> Values | None:
        return None if alert.state == AlertState.ACKNOWLEDGED else {**values, "snoozed_until": None}

    return _handle(alert_ids, decide, action="lifecycle.alert_acknowledged", actor=actor, now=now)


@transaction.atomic
def snooze(*, alert_ids: Collection[int], until: datetime, actor: User, now: datetime) -> Handled:
    """Let alerts rest: they leave the queue and do not escalate until then. SnoozeUnfit; SnoozePastDeadline of one."""
    if not now < until <= now + LONGEST_SNOOZE:
        raise SnoozeUnfit

    def decide(alert: Alert) -> Values | None:
        if not may_rest(until, due_at=alert.due_at, now=now):
            raise SnoozePastDeadline
        return {"snoozed_until": until}

    data = {"until": until.isoformat()}
    return _handle(alert_ids, decide, action="lifecycle.alert_snoozed", actor=actor, now=now, data=data)


@transaction.atomic
def assign(*, alert_ids: Collection[int], person: User, actor: User, now: datetime) -> Handled:
    """Give alerts to somebody, who is told; they wait until that person sees to them. AssigneeUnfit of one."""
    fit = person.is_active and person.has_perm("lifecycle.change_alert")
    seen = set(Alert.objects.visible_to(person).filter(pk__in=alert_ids).values_list("pk", flat=True)) if fit else set()

    def decide(alert: Alert) -> Values | None:
        if alert.pk not in seen:
            raise AssigneeUnfit
        if alert.assignee_id == person.pk:
            return None
        return {"assignee": person, "state": AlertState.OPEN, "acknowledged_at": None, "acknowledged_by": None}

    data = {"person": person.pk}
    handled = _handle(alert_ids, decide, action="lifecycle.alert_assigned", actor=actor, now=now, data=data)
    if handled.done and person != actor:
        tell(
            user=person,
            code=ASSIGNED,
            params={"count": len(handled.done), "by": str(actor)},
            key=f"alerts:assigned:{min(handled.done)}:{now.isoformat()}",
            url=f"{url_or_empty('lifecycle:alerts')}?mine=true",
            now=now,
        )
    return handled


@transaction.atomic
def put_back(*, alert_ids: Collection[int], actor: User, now: datetime) -> Handled:
    """Open alerts again that somebody saw to, that are assigned or rest: they wait for whoever is there."""
    fresh = {"state": AlertState.OPEN, "acknowledged_at": None, "acknowledged_by": None, "assignee": None}

    def decide(alert: Alert) -> Values | None:
        waits = alert.state == AlertState.OPEN and not alert.assignee_id
        rests = alert.snoozed_until is not None and alert.snoozed_until > now
        return None if waits and not rests else {**fresh, "snoozed_until": None, "opened_at": now, "escalation": 0}

    return _handle(alert_ids, decide, action="lifecycle.alert_put_back", actor=actor, now=now)


@transaction.atomic
def comment(*, alert_ids: Collection[int], text: str, actor: User, now: datetime) -> Handled:
    """Leave words in the history of alerts, open or closed. CommentMissing."""
    text = text.strip()
    if not 0 < len(text) <= LONGEST_COMMENT:
        raise CommentMissing
    alerts = list(Alert.objects.filter(pk__in=alert_ids).order_by("pk"))
    _record(alerts, "lifecycle.alert_commented", actor=actor, now=now, data={}, reason=text)
    known = {alert.pk for alert in alerts}
    return Handled(done=sorted(known), kept=[], refused={pk: NotVisible() for pk in set(alert_ids) - known})


def _handle(
    alert_ids: Collection[int],
    decide: Decide,
    *,
    action: str,
    actor: User,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> Handled:
    """Do to each alert what is decided of it; all that are changed are given the same values."""
    alerts = {alert.pk: alert for alert in Alert.objects.filter(pk__in=alert_ids).locked()}
    refused: dict[int, Refusal] = {pk: NotVisible() for pk in alert_ids if pk not in alerts}
    kept: list[int] = []
    done: list[int] = []
    values: Values = {}
    for pk, alert in alerts.items():
        try:
            wanted = _of_open(alert, decide)
        except Refusal as refusal:
            refused[pk] = refusal
            continue
        (kept if wanted is None else done).append(pk)
        values = wanted or values
    if done:
        Alert.objects.filter(pk__in=done).update(**values)
        _record([alerts[pk] for pk in done], action, actor=actor, now=now, data=data or {})
    return Handled(done=done, kept=kept, refused=refused)


def _of_open(alert: Alert, decide: Decide) -> Values | None:
    if alert.state == AlertState.CLOSED:
        raise AlertClosed
    return decide(alert)


def _record(
    alerts: Collection[Alert], action: str, *, actor: User, now: datetime, data: Mapping[str, Any], reason: str = ""
) -> None:
    entries = [
        Entry(
            action=action,
            subject=alert.about,
            reason=reason,
            data={"kind": alert.kind, "alert": alert.pk, **data},
        )
        for alert in alerts
    ]
    record_many(entries, actor=actor, now=now)
