"""Plans of training with how far they are, and who lacks a required course (R56, R73)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q

from agents.models import Agent, TrainingPlan
from agents.querysets import AgentQuerySet
from agents.selectors.training import TrainingStanding, lacking_training, lapsing_training, standings
from cardfleet.accounts.models import User

SHOWN_AFTER = timedelta(days=90)
# How many of some agents each plan binds, and how many of those passed since it began.
DONE = """
SELECT plan.id, count(*), count(*) FILTER (WHERE EXISTS (
    SELECT FROM agents_trainingrecord passed WHERE passed.agent_id = agent.id AND passed.course_id = plan.course_id
        AND passed.revoked_at IS NULL AND passed.passed_on >= plan.starts_on
))
FROM agents_trainingplan plan LEFT JOIN accounts_team root ON root.id = plan.team_id
CROSS JOIN agents_agent agent JOIN accounts_user person ON person.id = agent.user_id
LEFT JOIN accounts_team team ON team.id = person.team_id
WHERE plan.id = ANY(%s) AND agent.id = ANY(%s) AND (root.id IS NULL OR starts_with(team.path, root.path))
GROUP BY plan.id
"""


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A plan, how many agents of the reader's scope it binds, and how many of them passed."""

    plan: TrainingPlan
    bound: int
    done: int
    today: date

    @property
    def is_late(self) -> bool:
        """Whether its last day is over and somebody has not passed."""
        return self.plan.due_on < self.today and self.done < self.bound


@dataclass(frozen=True, kw_only=True)
class Untrained:
    """An agent who lacks a required course, or will within thirty days."""

    agent: Agent
    standing: TrainingStanding
    state: str


def plans(reader: User, today: date) -> Sequence[PlanRow]:
    """Return the plans of a person's scope that run or ended within 90 days, the next due first. Three queries."""
    shown = TrainingPlan.objects.standing().visible_to(reader).filter(due_on__gte=today - SHOWN_AFTER)
    found = list(shown.select_related("course", "team"))
    agents = list(Agent.objects.visible_to(reader).active().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(DONE, [[plan.pk for plan in found], agents])
        counts = {pk: (bound, done) for pk, bound, done in cursor}
    return [
        PlanRow(plan=plan, bound=counts.get(plan.pk, (0, 0))[0], done=counts.get(plan.pk, (0, 0))[1], today=today)
        for plan in found
    ]


def to_be_trained(agents: AgentQuerySet, today: date) -> list[Untrained]:
    """Return the active agents who lack a required course or will within 30 days, those who lack one first."""
    due = Q(pk__in=lacking_training(today).values("pk")) | Q(pk__in=lapsing_training(today).values("pk"))
    people = list(
        agents.active().filter(due).select_related("user__team").order_by("user__team__path", "user__name_pinyin", "pk")
    )
    known = standings([agent.pk for agent in people], today)
    rows = [Untrained(agent=agent, standing=known[agent.pk], state=known[agent.pk].state(today)) for agent in people]
    return sorted(rows, key=lambda row: row.state != "lacking")
