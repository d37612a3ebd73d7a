"""Courses as an agent and the office see them: versions, standing, attempts (R56, R61, R72, R73)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from agents.models import Agent, Course, CourseAttempt, CourseVersion, TrainingPlan, TrainingRecord
from agents.selectors.training import EXPIRING_DAYS, NEVER_LAPSES
from cardfleet.kernel.clock import day_bounds


@dataclass(frozen=True, kw_only=True)
class MyCourse:
    """A course as an agent sees it. `until` is the last day it counts, `date.max` for ever, None where it does not.

    `due_on` is when a plan wants it passed, None where none does or it is done.
    """

    course: Course
    version: CourseVersion | None
    until: date | None
    last: CourseAttempt | None
    due_on: date | None
    today: date

    @property
    def state(self) -> str:
        """Return `valid`, `expiring` or `lacking`."""
        if self.until is None:
            return "lacking"
        return "expiring" if (self.until - self.today).days < EXPIRING_DAYS else "valid"

    @property
    def ends_on(self) -> date | None:
        """The last day it counts; None where it counts for ever or not at all."""
        return None if self.until == NEVER_LAPSES else self.until

    @property
    def wants_doing(self) -> bool:
        """Whether the agent should see to it now."""
        return self.due_on is not None or (self.course.is_required and self.state != "valid")


def latest_version(course_id: int) -> CourseVersion | None:
    """Return the version that is taken now; None before the first is published."""
    versions = CourseVersion.objects.filter(course=course_id).select_related("course", "material")
    return versions.order_by("-number").first()


def attempts_left(agent: Agent, version: CourseVersion, today: date) -> int:
    """Return how often an agent may still take a test on a day (Shanghai)."""
    start, end = day_bounds(today)
    taken = CourseAttempt.objects.filter(agent=agent, version__course=version.course_id, at__gte=start, at__lt=end)
    return max(version.attempts_a_day - taken.count(), 0)


def courses_of(agent: Agent, today: date) -> list[MyCourse]:
    """Return every course with where an agent stands, what wants doing first. Five queries."""
    versions = {one.course_id: one for one in latest_versions()}
    valid = dict(
        TrainingRecord.objects.valid_on(today)
        .filter(agent=agent)
        .values_list("course")
        .annotate(until=Max(Coalesce("valid_until", NEVER_LAPSES)))
        .order_by()
    )
    tried = CourseAttempt.objects.filter(agent=agent).order_by("version__course_id", "-id")
    tried = tried.distinct("version__course_id")
    last = {one.version.course_id: one for one in tried.select_related("version")}
    due = {plan.course_id: plan.due_on for plan in open_plans(agent, today).order_by("-due_on")}
    found = [
        MyCourse(
            course=course,
            version=versions.get(course.pk),
            until=valid.get(course.pk),
            last=last.get(course.pk),
            due_on=due.get(course.pk),
            today=today,
        )
        for course in Course.objects.all()
    ]
    return sorted(found, key=lambda one: (not one.wants_doing, one.due_on or date.max, one.course.title))


def latest_versions() -> QuerySet[CourseVersion]:
    """Return the version of each course that is taken now."""
    latest = CourseVersion.objects.order_by("course_id", "-number").distinct("course_id")
    return CourseVersion.objects.filter(pk__in=latest.values("pk")).select_related("course")


def open_plans(agent: Agent, today: date) -> QuerySet[TrainingPlan]:
    """Return the plans that bind an agent, have begun and are not done by them."""
    passed = TrainingRecord.objects.filter(
        agent=agent, course=OuterRef("course"), revoked_at=None, passed_on__gte=OuterRef("starts_on")
    )
    begun = TrainingPlan.objects.standing().binding(agent.user).filter(starts_on__lte=today)
    return begun.filter(~Exists(passed)).select_related("course")


def versions_of(course: Course) -> Sequence[CourseVersion]:
    """Return the versions of a course, the latest first."""
    return list(course.versions.select_related("published_by", "material").order_by("-number"))


def results_of(course: Course, agents: QuerySet[Agent], today: date) -> QuerySet[Agent]:
    """Return agents with `until`, the last day a course counts for each, None where it does not."""
    counting = Q(training__course=course, training__revoked_at=None, training__passed_on__lte=today)
    counting &= Q(training__valid_until=None) | Q(training__valid_until__gte=today)
    until = Max(Coalesce("training__valid_until", NEVER_LAPSES), filter=counting)
    return agents.annotate(until=until).select_related("user__team").order_by("user__team__path", "user__name_pinyin")
