"""Alerts that nobody sees to go to the next role after some hours (design section 6).

What a carrier's notice explains waits for the carrier and does not escalate. The clock of an alert begins when it began
to wait: when it was opened, came back, became graver, was put back, or when its rest ended. A run that comes late tells
each role whose time has come once; a second one, or one whose clock was set back, tells nobody.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record, record_many
from lifecycle.choices import AlertState
from lifecycle.errors import EscalationOutOfOrder
from lifecycle.models import Alert, EscalationStep
from lifecycle.rules.escalation import is_in_order
from lifecycle.services.alert_delivery import tell_of_escalation


@transaction.atomic
def escalate_alerts(*, now: datetime) -> dict[str, int]:
    """Escalate what has waited too long and tell the roles; the number of statements depends on the steps only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lifecycle.escalation'))")
    reached: dict[int, int] = {}
    told: dict[Role, set[int]] = {}
    for step in EscalationStep.objects.exclude(after_hours=None).order_by("level", "severity"):
        late = set(_late(step, now).values_list("pk", flat=True))
        reached.update(dict.fromkeys(late, step.level))
        told.setdefault(Role(step.role), set()).update(late)
    _raise(reached, now)
    people = sum(tell_of_escalation(ids, role=role, now=now) for role, ids in told.items() if ids)
    return {"escalated": len(reached), "told": people}


@transaction.atomic
def change_step(
    *, step: EscalationStep, after_hours: int | None, role: Role, actor: User | None, now: datetime
) -> EscalationStep:
    """Set when a step comes and whom it tells. EscalationOutOfOrder when it would come before the step below it."""
    steps = EscalationStep.objects.select_for_update().filter(severity=step.severity).order_by("level")
    hours = [after_hours if one.pk == step.pk else one.after_hours for one in steps]
    if not is_in_order(hours):
        raise EscalationOutOfOrder
    step.after_hours, step.role = after_hours, role
    step.save(update_fields=["after_hours", "role"])
    data = {"severity": step.severity, "level": step.level, "hours": after_hours, "role": role}
    record(actor=actor, action="lifecycle.escalation_changed", subject=step, now=now, data=data)
    return step


def _late(step: EscalationStep, now: datetime) -> QuerySet[Alert]:
    before = now - timedelta(hours=step.after_hours or 0)
    rested = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=before)
    waiting = Alert.objects.filter(rested, state=AlertState.OPEN, severity=step.severity, opened_at__lte=before)
    return waiting.filter(escalation__lt=step.level, group__notice__isnull=True).locked()


def _raise(reached: Mapping[int, int], now: datetime) -> None:
    for level in sorted(set(reached.values())):
        ids = [pk for pk, highest in reached.items() if highest == level]
        Alert.objects.filter(pk__in=ids).update(escalation=level, escalated_at=now)
    alerts = Alert.objects.filter(pk__in=reached).order_by("pk")
    deeds = [
        Deed(
            action="lifecycle.alert_escalated",
            subject=alert.about,
            data={"kind": alert.kind, "alert": alert.pk, "level": alert.escalation},
        )
        for alert in alerts
    ]
    record_many(deeds, actor=None, now=now)
