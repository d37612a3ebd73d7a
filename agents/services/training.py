"""Courses passed, and records taken back (R72, R73)."""

import calendar
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.errors import (
    AgentHasLeft,
    ReasonMissing,
    TrainingNotUsable,
    TrainingRecordedAlready,
    TrainingRevokedAlready,
)
from agents.models import Agent, Course, CourseVersion, TrainingRecord
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.journal import recording as journal
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason

FULL_SCORE = 100


def months_later(day: date, months: int) -> date:
    """Return the same day some months on, the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@transaction.atomic
def record_training(
    *,
    agent_id: int,
    course_id: int,
    passed_on: date,
    actor: User | None,
    now: datetime,
    score: int | None = None,
    evidence: StoredFile | None = None,
    version: CourseVersion | None = None,
    signed_name: str = "",
) -> TrainingRecord:
    """Record that an agent passed a course; it counts for the course's months. `score` is 0 to 100.

    `version` is the one whose test was passed, `signed_name` stands under its commitment.
    """
    agent = Agent.objects.locked().get(pk=agent_id)
    course = Course.objects.get(pk=course_id)
    _refuse_unusable(agent, course, passed_on=passed_on, score=score, today=business_day(now))
    record = TrainingRecord.objects.create(
        agent=agent,
        course=course,
        passed_on=passed_on,
        valid_until=months_later(passed_on, course.valid_months) if course.valid_months else None,
        score=score,
        evidence=evidence,
        version=version,
        signed_name=signed_name,
        recorded_by=actor,
        recorded_at=now,
    )
    journal.record(
        actor=actor,
        action="agents.training_recorded",
        subject=agent,
        related=(record,),
        now=now,
        data={"course": course.code, "passed_on": str(passed_on), "valid_until": str(record.valid_until or "")},
    )
    return record


def _refuse_unusable(agent: Agent, course: Course, *, passed_on: date, score: int | None, today: date) -> None:
    if agent.status == AgentStatus.LEFT:
        raise AgentHasLeft
    if passed_on > today:
        raise TrainingNotUsable(
            reasons=[Reason(code="day_ahead", field="passed_on", message=_("This day has not come yet. Correct it."))]
        )
    if score is not None and not 0 <= score <= FULL_SCORE:
        raise TrainingNotUsable(
            reasons=[Reason(code="score_range", field="score", message=_("A score is between 0 and 100."))]
        )
    if TrainingRecord.objects.filter(agent=agent, course=course, passed_on=passed_on, revoked_at=None).exists():
        raise TrainingRecordedAlready


@transaction.atomic
def revoke_training(*, record_id: int, reason: str, actor: User | None, now: datetime) -> TrainingRecord:
    """Take back a record entered by mistake; it stays visible and counts no more."""
    if not reason.strip():
        raise ReasonMissing
    record = TrainingRecord.objects.locked().select_related("course").get(pk=record_id)
    if record.revoked_at:
        raise TrainingRevokedAlready
    record.revoked_at = now
    record.save(update_fields=["revoked_at"])
    journal.record(
        actor=actor,
        action="agents.training_revoked",
        subject=record.agent,
        related=(record,),
        now=now,
        reason=reason,
        data={"course": record.course.code, "passed_on": str(record.passed_on)},
    )
    return record
