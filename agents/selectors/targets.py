"""Targets of a month from the company down to the agent, and the plan of a day (R31, R69)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from agents.choices import AgentStatus
from agents.models import Agent, CallPlan, ScriptVersion, Target
from agents.rules.targets import difference
from cardfleet.accounts.models import Team, User


@dataclass(frozen=True, kw_only=True)
class TeamTarget:
    """A team's target, None where none is set. `parts` is the sum of what stands directly below it."""

    team: Team
    depth: int
    agents: int
    value: int | None
    parts: int | None
    difference: int | None


@dataclass(frozen=True, kw_only=True)
class AgentTarget:
    """An agent's target, None where none is set."""

    agent: Agent
    value: int | None


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The targets of a month and metric in a person's scope, with the agents of one team."""

    teams: Sequence[TeamTarget]
    agents: Sequence[AgentTarget]
    chosen: Team | None


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """What an agent is to do on a day, and the wording approved for it."""

    plan: CallPlan
    script: ScriptVersion | None


def targets(reader: User, *, month: date, metric: str, team_id: int | None) -> Targets:
    """Return the targets of a month; the sums show where a split does not add up. Four queries."""
    teams = list(_teams(reader))
    here = [team.pk for team in teams]
    set_here = Target.objects.filter(month=month, metric=metric)
    of_team = dict(set_here.filter(team__in=here).values_list("team", "value"))
    of_agents = set_here.filter(agent__user__team__in=here).exclude(agent__status=AgentStatus.LEFT)
    of_agent = {
        agent: (team, value) for agent, team, value in of_agents.values_list("agent", "agent__user__team", "value")
    }
    parts: defaultdict[int, list[int | None]] = defaultdict(list)
    for team in teams:
        if team.parent_id:
            parts[team.parent_id].append(of_team.get(team.pk))
    for owner, value in of_agent.values():
        parts[owner].append(value)
    chosen = next((team for team in teams if team.pk == team_id), None)
    top = min((team.path or "").count("/") for team in teams) if teams else 0
    return Targets(
        teams=[_row(team, top, of_team.get(team.pk), parts[team.pk]) for team in teams],
        agents=_agents(chosen, {agent: value for agent, (_team, value) in of_agent.items()}) if chosen else [],
        chosen=chosen,
    )


def _teams(reader: User) -> Sequence[Team]:
    active = Q(people__agent__status=AgentStatus.ACTIVE)
    return list(Team.objects.visible_to(reader).annotate(callers=Count("people", filter=active)).order_by("path"))


def _row(team: Team, top: int, value: int | None, parts: Collection[int | None]) -> TeamTarget:
    known = [part for part in parts if part is not None]
    return TeamTarget(
        team=team,
        depth=min((team.path or "").count("/") - top, 3),
        agents=getattr(team, "callers", 0),
        value=value,
        parts=sum(known) if known else None,
        difference=difference(value, parts),
    )


def _agents(team: Team, known: dict[int, int]) -> list[AgentTarget]:
    people = Agent.objects.active().filter(user__team=team).select_related("user").order_by("user__name_pinyin", "pk")
    return [AgentTarget(agent=agent, value=known.get(agent.pk)) for agent in people]


def targets_of(agent_ids: Collection[int], month: date) -> dict[int, dict[str, int]]:
    """Return the targets of agents in a month by metric, in one query."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    rows = Target.objects.filter(agent__in=agent_ids, month=month)
    for agent, metric, value in rows.values_list("agent", "metric", "value"):
        found[agent][metric] = value
    return found


def day_plan(agent: Agent, day: date) -> DayPlan | None:
    """Return what an agent is to do on a day: their own plan before their team's, the nearer team before the farther.

    Three queries at most; `user__team` must be joined.
    """
    path = str(agent.user.team.path) if agent.user.team else ""
    above = [int(part) for part in path.split("/") if part]
    standing = CallPlan.objects.standing().filter(starts_on__lte=day, ends_on__gte=day)
    plans = list(standing.filter(Q(agent=agent) | Q(team__in=above)).select_related("script", "team"))
    if not plans:
        return None
    plan = max(
        plans, key=lambda one: (one.agent_id is not None, above.index(one.team_id) if one.team_id else 0, one.pk)
    )
    approved = ScriptVersion.objects.filter(script=plan.script, approved_at__isnull=False).order_by("-number")
    return DayPlan(plan=plan, script=approved.first() if plan.script else None)
