"""Absences: recorded ahead or on the day, ended when somebody is back."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.choices import AbsenceKind, AgentStatus
from agents.errors import AbsenceNotUsable, AbsenceOver, AbsentThen, AgentHasLeft
from agents.models import Absence, Agent
from cardfleet.accounts.models import User
from cardfleet.journal import recording as journal
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason

LONGEST = timedelta(days=400)


@transaction.atomic
def record_absence(
    *,
    agent_id: int,
    kind: AbsenceKind,
    starts_on: date,
    ends_on: date,
    actor: User | None,
    now: datetime,
    note: str = "",
) -> Absence:
    """Record that an agent is away on Shanghai days, both included. AbsenceNotUsable, AbsentThen, AgentHasLeft."""
    agent = Agent.objects.locked().filter(pk=agent_id).first()
    if agent is None:
        raise NotVisible
    if agent.status == AgentStatus.LEFT:
        raise AgentHasLeft
    _refuse_unusable(starts_on, ends_on)
    if Absence.objects.standing().filter(agent=agent, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise AbsentThen
    absence = Absence.objects.create(
        agent=agent, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note, recorded_by=actor, recorded_at=now
    )
    _journal("agents.absence_recorded", absence, actor=actor, now=now)
    return absence


@transaction.atomic
def note_absence(
    *, agent_id: int, kind: AbsenceKind | None, starts_on: date, ends_on: date, actor: User | None, now: datetime
) -> bool:
    """Record an absence unless these very days are known, so that a file may come twice; tell whether it was new."""
    if Absence.objects.standing().filter(agent=agent_id, starts_on=starts_on, ends_on=ends_on).exists():
        return False
    kind = kind or AbsenceKind.LEAVE
    record_absence(agent_id=agent_id, kind=kind, starts_on=starts_on, ends_on=ends_on, actor=actor, now=now)
    return True


@transaction.atomic
def end_absence(*, absence_id: int, actor: User | None, now: datetime) -> Absence:
    """Note that an agent is back: the days from today on fall away, all of them where none has passed. AbsenceOver."""
    absence = Absence.objects.locked().select_related("agent").filter(pk=absence_id).first()
    if absence is None:
        raise NotVisible
    today = business_day(now)
    if absence.withdrawn_at or absence.ends_on < today:
        raise AbsenceOver
    if absence.starts_on < today:
        absence.ends_on = today - timedelta(days=1)
        absence.save(update_fields=["ends_on"])
    else:
        absence.withdrawn_at = now
        absence.save(update_fields=["withdrawn_at"])
    _journal("agents.absence_ended", absence, actor=actor, now=now)
    return absence


def _refuse_unusable(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        message = _("The last day away is before the first. Correct one of them.")
        raise AbsenceNotUsable(reasons=[Reason(code="days_run_backwards", field="ends_on", message=message)])
    if ends_on - starts_on > LONGEST:
        message = _("An absence lasts 400 days at most. Let the agent leave, or correct the days.")
        raise AbsenceNotUsable(reasons=[Reason(code="too_long", field="ends_on", message=message)])


def _journal(action: str, absence: Absence, *, actor: User | None, now: datetime) -> None:
    data = {"starts_on": str(absence.starts_on), "ends_on": str(absence.ends_on)}
    journal.record(actor=actor, action=action, subject=absence.agent, related=(absence,), now=now, data=data)
