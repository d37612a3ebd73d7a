"""The courses every company begins with (R72, R73). What is recorded already is left as it is."""

from datetime import datetime
from typing import Any

from django.db import transaction

from agents.choices import CourseKind
from agents.models import Course
from agents.services.courses import record_course
from agents.services.leaving_policy import load_leaving_policy
from cardfleet.kernel.reference import register

COURSES: tuple[dict[str, Any], ...] = (
    {
        "code": "telesales-compliance",
        "title": "电话营销合规",
        "kind": CourseKind.COMPLIANCE,
        "valid_months": 12,
        "is_required": True,
    },
    {
        "code": "anti-fraud",
        "title": "反电信网络诈骗",
        "kind": CourseKind.COMPLIANCE,
        "valid_months": 12,
        "is_required": False,
    },
)


@transaction.atomic
def load_courses(*, now: datetime) -> None:
    """Record the courses that are missing."""
    known = set(Course.objects.values_list("code", flat=True))
    for facts in COURSES:
        if facts["code"] not in known:
            record_course(facts=facts, actor=None, now=now)


register("agents.courses", load_courses)
register("agents.leaving", load_leaving_policy)
