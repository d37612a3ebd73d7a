"""Courses as data: which there are, how long they count, which are required before a card is issued."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from agents.models import Course
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign

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
