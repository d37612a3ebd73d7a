"""The courses and the policy every company begins with (R72, R73, R112). What is recorded already is left as it is."""

from datetime import datetime
from typing import Any

from django.db import transaction

from agents.choices import Audience, CourseKind
from agents.models import Course, Policy
from agents.rules import defaults
from agents.services.courses import VersionFacts, publish_course, record_course
from agents.services.leaving_policy import load_leaving_policy
from agents.services.policies import publish_policy, record_policy
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
        "kind": CourseKind.ANTI_FRAUD,
        "valid_months": 12,
        "is_required": False,
    },
)


@transaction.atomic
def load_courses(*, now: datetime) -> None:
    """Record the courses that are missing, each with its first version."""
    known = set(Course.objects.values_list("code", flat=True))
    for facts in COURSES:
        if facts["code"] not in known:
            course = record_course(facts=facts, actor=None, now=now)
            text, questions = defaults.COURSES[course.code]
            said = VersionFacts(text=text, questions=questions, commitment=defaults.COMMITMENT)
            publish_course(course_id=course.pk, facts=said, actor=None, now=now)


# Not required at first, so that nobody is kept from a card by a text their company never saw.
POLICY: dict[str, Any] = {
    "code": "private-use",
    "title": "电话卡不得私用",
    "audience": Audience.AGENTS,
    "is_required": False,
}


@transaction.atomic
def load_policies(*, now: datetime) -> None:
    """Record the policy against private use where it is missing."""
    if not Policy.objects.filter(code=POLICY["code"]).exists():
        policy = record_policy(facts=POLICY, actor=None, now=now)
        publish_policy(policy_id=policy.pk, text=defaults.PRIVATE_USE, actor=None, now=now)


register("agents.courses", load_courses)
register("agents.leaving", load_leaving_policy)
register("agents.policies", load_policies)
