"""Setting and splitting targets, and planning a day's calls (R31, R69)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.choices import Metric
from agents.errors.conduct import CallPlanNotUsable, CallPlanWithdrawn, NothingToSplit, TargetNotUsable
from agents.models import Agent, CallPlan, Script, Target
from agents.rules.targets import split_whole
from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason

HIGHEST = 10_000_000


@transaction.atomic
def set_targets(
    *,
    month: date,
    metric: str,
    teams: Mapping[int, int | None],
    agents: Mapping[int, int | None],
    actor: User,
    now: datetime,
) -> int:
    """Set the targets of teams and agents by id, None to take one away; return how many changed.

    NotVisible for somebody outside the actor's scope, TargetNotUsable for what is no target. A split that does not
    add up is stored and shown: the sum above is another person's to change.
    """
    _refuse_unusable(metric, [*teams.values(), *agents.values()])
    if Team.objects.visible_to(actor).filter(pk__in=teams).count() < len(teams):
        raise NotVisible
    if Agent.objects.visible_to(actor).filter(pk__in=agents).count() < len(agents):
        raise NotVisible
    month = month.replace(day=1)
    changed = sum(_set(month, metric, actor, now, value, team_id=pk) for pk, value in teams.items())
    changed += sum(_set(month, metric, actor, now, value, agent_id=pk) for pk, value in agents.items())
    if changed:
        data = {"month": f"{month:%Y-%m}", "kind": metric, "count": changed}
        record(actor=actor, action="agents.targets_set", subject=actor, now=now, data=data)
    return changed


def _refuse_unusable(metric: str, values: list[int | None]) -> None:
    reasons = []
    if metric not in Metric.values:
        reasons.append(
            Reason(code="unknown_metric", field="metric", message=_("This is counted nowhere."), value=metric)
        )
    reasons += [
        Reason(code="out_of_range", field="value", message=_("A target is between 0 and 10,000,000."), value=str(value))
        for value in values
        if value is not None and not 0 <= value <= HIGHEST
    ]
    if reasons:
        raise TargetNotUsable(reasons=reasons)


def _set(
    month: date,
    metric: str,
    actor: User,
    now: datetime,
    value: int | None,
    *,
    team_id: int | None = None,
    agent_id: int | None = None,
) -> bool:
    """Set one target and tell whether it changed."""
    key = {"month": month, "metric": metric, "team_id": team_id, "agent_id": agent_id}
    known = Target.objects.select_for_update().filter(**key).first()
    if value == (known.value if known else None):
        return False
    if known:
        known.delete()
    if value is not None:
        Target.objects.create(**key, value=value, set_at=now, set_by=actor)
    return True


@transaction.atomic
def split_target(*, month: date, metric: str, team_id: int, actor: User, now: datetime) -> int:
    """Split a team's target over the teams directly below by their agents, else over its agents evenly.

    NothingToSplit where there is no target, or nobody below.
    """
    team = Team.objects.visible_to(actor).filter(pk=team_id).first()
    if team is None:
        raise NotVisible
    target = Target.objects.filter(month=month.replace(day=1), metric=metric, team=team).first()
    below = _below(team)
    agents = list(Agent.objects.active().filter(user__team=team).order_by("pk").values_list("pk", flat=True))
    if target is None or not (below or agents):
        raise NothingToSplit
    parts = split_whole(target.value, list(below.values()) or [1] * len(agents))
    shares = dict(zip(below or agents, parts, strict=True))
    given: dict[str, Mapping[int, int | None]] = {"teams": shares if below else {}, "agents": {} if below else shares}
    return set_targets(month=month, metric=metric, **given, actor=actor, now=now)


def _below(team: Team) -> dict[int, int]:
    """Return how many agents work in each team directly below and under it."""
    found = {}
    for child in team.children.order_by("path"):
        found[child.pk] = Agent.objects.active().filter(user__team__path__startswith=str(child.path)).count()
    return {pk: count for pk, count in found.items() if count}


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """A plan of calls as it is asked for: of a team or an agent."""

    starts_on: date
    ends_on: date
    calls: int
    team: Team | None = None
    agent: Agent | None = None
    purpose: str = ""
    script: Script | None = None
    note: str = ""


@transaction.atomic
def plan_calls(*, facts: PlanFacts, actor: User, now: datetime) -> CallPlan:
    """Plan how many calls a day are made; caps and calling hours hold beside it. CallPlanNotUsable, NotVisible."""
    reasons = []
    if (facts.team is None) == (facts.agent is None):
        reasons.append(Reason(code="whose", field="team", message=_("Choose either a team or an agent.")))
    if facts.ends_on < facts.starts_on:
        reasons.append(Reason(code="runs_backwards", field="ends_on", message=_("The last day is before the first.")))
    elif facts.ends_on < business_day(now):
        reasons.append(Reason(code="day_past", field="ends_on", message=_("This day is over. Choose a later.")))
    if reasons:
        raise CallPlanNotUsable(reasons=reasons)
    if facts.team and not Team.objects.visible_to(actor).filter(pk=facts.team.pk).exists():
        raise NotVisible
    if facts.agent and not Agent.objects.visible_to(actor).filter(pk=facts.agent.pk).exists():
        raise NotVisible
    plan = CallPlan.objects.create(**vars(facts), made_at=now, made_by=actor)
    data = {"from": str(facts.starts_on), "until": str(facts.ends_on), "count": facts.calls}
    record(actor=actor, action="agents.calls_planned", subject=plan, related=_whose(plan), now=now, data=data)
    return plan


@transaction.atomic
def withdraw_call_plan(*, plan_id: int, actor: User, now: datetime) -> CallPlan:
    """Take a plan of the actor's scope back."""
    plan = CallPlan.objects.visible_to(actor).filter(pk=plan_id).locked().first()
    if plan is None:
        raise NotVisible
    if plan.withdrawn_at:
        raise CallPlanWithdrawn
    plan.withdrawn_at = now
    plan.save(update_fields=["withdrawn_at"])
    record(actor=actor, action="agents.call_plan_withdrawn", subject=plan, related=_whose(plan), now=now)
    return plan


def _whose(plan: CallPlan) -> tuple[Team | Agent, ...]:
    return tuple(one for one in (plan.team, plan.agent) if one)
