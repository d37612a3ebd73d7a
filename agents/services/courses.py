"""Courses as data: which there are, how long they count, which are required before a card is issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from agents.errors.learning import VersionNotUsable
from agents.models import Course, CourseVersion, TrainingRecord
from agents.rules.courses import read_questions
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign, check
from cardfleet.kernel.errors import Reason

EDITABLE = frozenset({"code", "title", "kind", "valid_months", "is_required"})


@transaction.atomic
def record_course(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Course:
    """Record a course from values by field name; BadInput names what does not hold."""
    course = Course()
    named = assign(course, facts, editable=EDITABLE)
    course.save(force_insert=True)
    record(actor=actor, action="agents.course_saved", subject=course, now=now, data={"fields": named})
    return course


@transaction.atomic
def edit_course(*, course_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Course:
    """Change a course; records keep the day until which they count."""
    course = Course.objects.select_for_update().get(pk=course_id)
    changed = assign(course, changes, editable=EDITABLE)
    if changed:
        course.save(update_fields=changed)
        record(actor=actor, action="agents.course_saved", subject=course, now=now, data={"fields": changed})
    return course


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """What a new version of a course says; `questions` as `agents.rules.courses` reads them."""

    text: str = ""
    link: str = ""
    commitment: str = ""
    questions: str = ""
    pass_mark: int = 80
    attempts_a_day: int = 3
    earlier_until: date | None = None


@transaction.atomic
def publish_course(
    *,
    course_id: int,
    facts: VersionFacts,
    actor: User | None,
    now: datetime,
    material: bytes = b"",
    material_name: str = "",
) -> CourseVersion:
    """Publish the next version of a course. VersionNotUsable names what is wrong with it, a question by its line.

    With `earlier_until` the passes of earlier versions that would count longer end on that day, so that reminders and
    the gate ask for the new one. `material` is a file to learn from: FileEmpty, FileTooLarge, FileTypeRefused.
    """
    course = Course.objects.select_for_update().get(pk=course_id)
    questions, reasons = read_questions(facts.questions)
    if facts.earlier_until and facts.earlier_until < business_day(now):
        day_past = _("This day is over. Choose a later.")
        reasons.append(Reason(code="day_past", field="earlier_until", message=day_past))
    if not (facts.text.strip() or facts.link or material or questions):
        reasons.append(Reason(code="nothing_taught", field="text", message=_("Give a text, a link, a file or a test.")))
    if reasons:
        raise VersionNotUsable(reasons=reasons)
    version = CourseVersion(
        course=course,
        number=(course.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        text=facts.text.strip(),
        link=facts.link,
        material=_stored(course, material, material_name, actor, now) if material else None,
        commitment=facts.commitment.strip(),
        questions=[question.as_json() for question in questions],
        pass_mark=facts.pass_mark,
        attempts_a_day=facts.attempts_a_day,
        earlier_until=facts.earlier_until,
        published_at=now,
        published_by=actor,
    )
    check(version)
    version.save(force_insert=True)
    shortened = _shorten(course, facts.earlier_until) if facts.earlier_until else 0
    data = {"version": version.number, "count": shortened}
    record(actor=actor, action="agents.course_published", subject=course, related=(version,), now=now, data=data)
    return version


def _stored(course: Course, material: bytes, name: str, actor: User | None, now: datetime) -> StoredFile:
    return store(content=material, name=name, purpose="agents.course", owner=actor, subject=course, now=now)


def _shorten(course: Course, until: date) -> int:
    """Let what was passed so far count no longer than a day; return how many records that touched."""
    longer = Q(valid_until__isnull=True) | Q(valid_until__gt=until)
    counting = TrainingRecord.objects.filter(longer, course=course, revoked_at=None, passed_on__lte=until)
    return counting.update(valid_until=until)
