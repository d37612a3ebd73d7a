"""Taking the test of a course: marked, counted, and recorded as training when it is passed (R61, R72, R73)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from agents.errors.learning import (
    AnswersMissing,
    AttemptsUsedUp,
    CourseHasNoTest,
    NameNotSigned,
    VersionPublishedSince,
)
from agents.models import Agent, CourseAttempt, CourseVersion, TrainingRecord
from agents.rules.courses import Mark, Question, mark
from agents.rules.receipts import is_signed
from agents.selectors.courses import attempts_left, latest_version
from agents.services.training import record_training
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An attempt, how it was marked, and the record it led to; None where it was not passed."""

    attempt: CourseAttempt
    mark: Mark
    record: TrainingRecord | None


@transaction.atomic
def take_test(
    *, course_id: int, version: int, answers: Sequence[Collection[int]], signed_name: str, actor: User, now: datetime
) -> Taken:
    """Hand in the test of a course: the chosen places, question by question, of the version numbered `version`.

    CourseHasNoTest, VersionPublishedSince, AnswersMissing, NameNotSigned where the commitment is not signed,
    AttemptsUsedUp; TrainingRecordedAlready where it was passed today. None of these counts as an attempt.
    """
    agent = Agent.objects.filter(user=actor).locked().first()
    latest = latest_version(course_id)
    if agent is None or latest is None:
        raise NotVisible
    questions = _questions(latest, version)
    if len(answers) < len(questions) or not all(answers):
        raise AnswersMissing
    if latest.commitment and not is_signed(name=actor.name, drawing=b"", signed_name=signed_name):
        raise NameNotSigned
    if not attempts_left(agent, latest, business_day(now)):
        raise AttemptsUsedUp
    found = mark(questions, answers)
    attempt = _attempt(agent, latest, answers, found, now)
    passed = _record(attempt, signed_name, actor, now) if attempt.is_passed else None
    return Taken(attempt=attempt, mark=found, record=passed)


def _questions(latest: CourseVersion, version: int) -> list[Question]:
    if not latest.questions:
        raise CourseHasNoTest
    if latest.number != version:
        raise VersionPublishedSince
    return [Question.of(stored) for stored in latest.questions]


def _attempt(
    agent: Agent, version: CourseVersion, answers: Sequence[Collection[int]], found: Mark, now: datetime
) -> CourseAttempt:
    attempt = CourseAttempt.objects.create(
        agent=agent,
        version=version,
        at=now,
        answers=[sorted(answer) for answer in answers],
        score=found.score,
        is_passed=found.score >= version.pass_mark,
    )
    data = {"course": version.course.code, "version": version.number, "result": found.score}
    record(actor=agent.user, action="agents.test_taken", subject=agent, related=(attempt,), now=now, data=data)
    return attempt


def _record(attempt: CourseAttempt, signed_name: str, actor: User, now: datetime) -> TrainingRecord:
    return record_training(
        agent_id=attempt.agent_id,
        course_id=attempt.version.course_id,
        passed_on=business_day(now),
        score=attempt.score,
        version=attempt.version,
        signed_name=" ".join(signed_name.split()) if attempt.version.commitment else "",
        actor=actor,
        now=now,
    )
