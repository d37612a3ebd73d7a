"""Reminders 60, 30, 7 and 1 days ahead of an end, each told once (R15, R23, R73, R103)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from cardfleet.kernel.clock import business_day, day_start
from cards.choices import Severity
from lifecycle.choices import AlertKind
from lifecycle.models import Alert, Reminder
from lifecycle.rules.reminders import LEAD_DAYS, due_lead, severity_of
from lifecycle.selectors.due import Due, dues
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import AlertsOutcome, Cause, settle_alerts

ALERT_KINDS = (
    AlertKind.CARD_EXPIRY,
    AlertKind.CONTRACT_END,
    AlertKind.REAL_NAME_EXPIRY,
    AlertKind.TRAINING_EXPIRY,
    AlertKind.SECRET_CHANGE,
)

Key = tuple[str, str, date]


@dataclass(frozen=True, kw_only=True)
class RemindersOutcome:
    """How many things end within the longest lead time, how many reminders are new, what became of the alerts."""

    due: int
    reminded: int
    alerts: AlertsOutcome

    def counts(self) -> dict[str, int]:
        """Return it as counts."""
        return {"due": self.due, "reminded": self.reminded, **self.alerts.counts()}


@transaction.atomic
def remind_expiries(*, now: datetime, today: date | None = None) -> RemindersOutcome:
    """Open, refresh and close the alerts on what ends, and remind of each lead time once.

    A run that comes late reminds of the most urgent lead time that has passed; a date moved to another day closes
    the alert or starts its reminders anew. A second run writes nothing.
    """
    day = today or business_day(now)
    found = list(dues(day))
    alerts = settle_alerts(kinds=ALERT_KINDS, causes=[_cause(due, day) for due in found], now=now)
    reminders = _new_reminders(found, day, now)
    Reminder.objects.bulk_create(reminders, batch_size=1000)
    tell_of_alerts(_alerts_of(reminders, found), run="reminders", now=now)
    return RemindersOutcome(due=len(found), reminded=len(reminders), alerts=alerts)


def _cause(due: Due, today: date) -> Cause:
    lead = min(lead for lead in LEAD_DAYS if (due.due_on - today).days <= lead)
    return Cause(
        kind=due.kind,
        card_id=due.card_id,
        agent_id=due.agent_id,
        severity=Severity.WARN if due.mild else severity_of(lead),
        code=due.code or due.kind,
        params={"due_on": due.due_on.isoformat(), **due.params},
        due_at=day_start(due.due_on + timedelta(days=1)),
    )


def _new_reminders(found: Sequence[Due], today: date, now: datetime) -> list[Reminder]:
    """Return the reminders due today and not told yet: one a subject, however many cards hang on it."""
    subjects = {(due.kind, due.subject, due.due_on): due for due in found}
    told = _told(subjects)
    leads = {key: due_lead(key[2], today=today, told=told[key]) for key in subjects}
    return [
        Reminder(kind=kind, subject=subject, due_on=due_on, lead_days=lead, sent_at=now)
        for (kind, subject, due_on), lead in leads.items()
        if lead is not None
    ]


def _alerts_of(reminders: Sequence[Reminder], found: Sequence[Due]) -> list[int]:
    """Return the open alerts on what the reminders are about: those of every card that hangs on it."""
    told = {(reminder.kind, reminder.subject, reminder.due_on) for reminder in reminders}
    keys = {(due.kind, due.card_id, due.agent_id) for due in found if (due.kind, due.subject, due.due_on) in told}
    standing = Alert.objects.open().filter(kind__in={kind for kind, _card, _agent in keys})
    return [pk for pk, *key in standing.values_list("pk", "kind", "card_id", "agent_id") if tuple(key) in keys]


def _told(subjects: Collection[Key]) -> Mapping[Key, set[int]]:
    told: defaultdict[Key, set[int]] = defaultdict(set)
    sent = Reminder.objects.filter(subject__in={subject for _kind, subject, _due_on in subjects})
    for kind, subject, due_on, lead in sent.values_list("kind", "subject", "due_on", "lead_days"):
        told[(kind, subject, due_on)].add(lead)
    return told
