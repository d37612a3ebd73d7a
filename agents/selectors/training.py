"""Where agents stand with the courses required before a card is issued (R72, R73)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from agents.choices import AgentStatus
from agents.models import Agent, Course, TrainingRecord

NEVER_LAPSES = date.max
EXPIRING_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class TrainingStanding:
    """`valid_until` is the day the first required course lapses; None when one is missing or none ever lapses."""

    is_valid: bool
    valid_until: date | None
    lacking: tuple[str, ...]

    def is_expiring(self, today: date) -> bool:
        """Whether it counts no more thirty days from today."""
        return self.valid_until is not None and self.valid_until < today + timedelta(days=EXPIRING_DAYS)

    def state(self, today: date) -> str:
        """Return `valid`, `expiring` or `lacking`."""
        if not self.is_valid:
            return "lacking"
        return "expiring" if self.is_expiring(today) else "valid"


@dataclass(frozen=True, kw_only=True)
class TrainingDue:
    """The latest record of a required course of an agent who has not left, and the last day it counts."""

    agent_id: int
    user_id: int
    team_id: int | None
    course_id: int
    course_title: str
    valid_until: date


def standings(agent_ids: Collection[int], today: date) -> dict[int, TrainingStanding]:
    """Return the standing of each agent on a day, in two queries however many there are."""
    courses = dict(_required().values_list("id", "title"))
    rows = (
        TrainingRecord.objects.valid_on(today)
        .filter(agent_id__in=agent_ids, course_id__in=courses)
        .values("agent_id", "course_id")
        .annotate(until=Max(Coalesce("valid_until", NEVER_LAPSES)))
    )
    held: dict[int, dict[int, date]] = {agent_id: {} for agent_id in agent_ids}
    for row in rows:
        held[row["agent_id"]][row["course_id"]] = row["until"]
    return {agent_id: _standing(courses, valid) for agent_id, valid in held.items()}


def training_expiring(today: date, *, within_days: int = 60) -> list[TrainingDue]:
    """Return what lapses within some days or has lapsed, soonest first, in one query."""
    rows = (
        TrainingRecord.objects.filter(revoked_at=None, passed_on__lte=today, course__in=_required())
        .exclude(agent__status=AgentStatus.LEFT)
        .values("agent_id", "agent__user_id", "agent__user__team_id", "course_id", "course__title")
        .annotate(until=Max(Coalesce("valid_until", NEVER_LAPSES)))
        .filter(until__lte=today + timedelta(days=within_days))
        .order_by("until", "agent_id", "course_id")
    )
    return [
        TrainingDue(
            agent_id=row["agent_id"],
            user_id=row["agent__user_id"],
            team_id=row["agent__user__team_id"],
            course_id=row["course_id"],
            course_title=row["course__title"],
            valid_until=row["until"],
        )
        for row in rows
    ]


def lacking_training(today: date) -> QuerySet[Agent]:
    """Return agents who miss a required course on a day."""
    valid = TrainingRecord.objects.valid_on(today).filter(agent=OuterRef(OuterRef("pk")), course=OuterRef("pk"))
    return Agent.objects.filter(Exists(_required().filter(~Exists(valid))))


def lapsing_training(today: date) -> QuerySet[Agent]:
    """Return agents who have every required course on a day and miss one thirty days later."""
    later = lacking_training(today + timedelta(days=EXPIRING_DAYS))
    return later.exclude(pk__in=lacking_training(today).values("pk"))


def _required() -> QuerySet[Course]:
    return Course.objects.filter(is_required=True)


def _standing(courses: dict[int, str], valid: dict[int, date]) -> TrainingStanding:
    lacking = tuple(title for course_id, title in courses.items() if course_id not in valid)
    first = min(valid.values(), default=NEVER_LAPSES)
    return TrainingStanding(
        is_valid=not lacking, valid_until=None if lacking or first == NEVER_LAPSES else first, lacking=lacking
    )
