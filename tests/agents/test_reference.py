"""The courses every company begins with."""

from agents.models import Course
from agents.services.courses import edit_course
from cardfleet.journal.models import Entry
from cardfleet.kernel.reference import load


def test_reference_courses_load_once_and_keep_what_was_changed(reference, now):
    """R73: the compliance course is required before a card is issued."""
    course = Course.objects.get(code="telesales-compliance")
    assert course.is_required
    edit_course(course_id=course.pk, changes={"valid_months": 6}, actor=None, now=now)
    entries = Entry.objects.count()

    load(now=now)

    course.refresh_from_db()
    assert course.valid_months == 6
    assert Course.objects.count() == 2
    assert Entry.objects.count() == entries
