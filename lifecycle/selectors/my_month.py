"""An agent's own month, and what there is to do today (R68, R69, R70)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.models import Agent, Appraisal, Reward
from agents.selectors.targets import DayPlan, day_plan
from cardfleet.accounts.models import User
from lifecycle.models import QualityCheck
from lifecycle.selectors.performance import AgentMonth, performance


@dataclass(frozen=True, kw_only=True)
class MyMonth:
    """An agent's month; `waiting` are appraisals, of any month, that the agent has not signed."""

    agent: Agent
    row: AgentMonth
    plan: DayPlan | None
    checks: Sequence[QualityCheck]
    rewards: Sequence[Reward]
    waiting: Sequence[Appraisal]


def my_month(person: User, *, month: date, today: date) -> MyMonth | None:
    """Return a person's month (its first day); None for who is no agent. A fixed number of queries."""
    agent = Agent.objects.filter(user=person).select_related("user__team").first()
    if agent is None:
        return None
    unsigned = Appraisal.objects.filter(agent=agent, agent_signed_at=None)
    return MyMonth(
        agent=agent,
        row=performance(Agent.objects.filter(pk=agent.pk), month=month, user=None, today=today)[0],
        plan=day_plan(agent, today),
        checks=list(QualityCheck.objects.of_month(agent, month).select_related("script__script")),
        rewards=list(Reward.objects.filter(agent=agent, month=month, withdrawn_at=None)),
        waiting=list(unsigned.select_related("signed_by")),
    )
