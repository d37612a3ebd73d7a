"""Plans of training, and sessions in which many are trained at once (R56, R72)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.errors.learning import NobodyTrained, PlanNotUsable, PlanWithdrawn, SessionRefused
from agents.models import Agent, Course, TrainingPlan, TrainingRecord
from agents.querysets import AgentQuerySet
from agents.services.training import record_training
from cardfleet.accounts.models import Team, User
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason, Refusal


@transaction.atomic
def plan_training(
    *,
    course_id: int,
    team: Team | None,
    starts_on: date,
    due_on: date,
    actor: User,
    now: datetime,
    note: str = "",
) -> TrainingPlan:
    """Plan that the agents of a team and below, or everybody, pass a course within a period. PlanNotUsable.

    Only who sees all teams plans for everybody; nobody plans for a team outside their scope (NotVisible).
    """
    _refuse_unusable(starts_on, due_on, business_day(now))
    if team is None and not actor.has_perm("accounts.view_all_teams"):
        reason = Reason(code="team_missing", field="team", message=_("Choose one of your teams."))
        raise PlanNotUsable(reasons=[reason])
    if team is not None and not Team.objects.visible_to(actor).filter(pk=team.pk).exists():
        raise NotVisible
    plan = TrainingPlan.objects.create(
        course=Course.objects.get(pk=course_id),
        team=team,
        starts_on=starts_on,
        due_on=due_on,
        note=note.strip(),
        made_at=now,
        made_by=actor,
    )
    data = {"course": plan.course.code, "from": str(starts_on), "until": str(due_on)}
    record(actor=actor, action="agents.plan_made", subject=plan, related=_of(team), now=now, data=data)
    return plan


def _refuse_unusable(starts_on: date, due_on: date, today: date) -> None:
    if due_on < starts_on:
        reason = Reason(code="runs_backwards", field="due_on", message=_("The last day is before the first."))
        raise PlanNotUsable(reasons=[reason])
    if due_on < today:
        raise PlanNotUsable(
            reasons=[Reason(code="day_past", field="due_on", message=_("This day is over. Choose a later."))]
        )


@transaction.atomic
def withdraw_plan(*, plan_id: int, actor: User, now: datetime) -> TrainingPlan:
    """Take a plan of the person's scope back; what was passed stays."""
    plan = TrainingPlan.objects.visible_to(actor).filter(pk=plan_id).locked().first()
    if plan is None or (plan.team is None and not actor.has_perm("accounts.view_all_teams")):
        raise NotVisible
    if plan.withdrawn_at:
        raise PlanWithdrawn
    plan.withdrawn_at = now
    plan.save(update_fields=["withdrawn_at"])
    record(actor=actor, action="agents.plan_withdrawn", subject=plan, related=_of(plan.team), now=now)
    return plan


@transaction.atomic
def record_session(
    *,
    course_id: int,
    agents: AgentQuerySet,
    agent_ids: Sequence[int],
    passed_on: date,
    actor: User,
    now: datetime,
    sheet: bytes = b"",
    sheet_name: str = "",
) -> list[TrainingRecord]:
    """Record that many passed a course on a day, all or none; `agents` are those who may be named.

    `sheet` is what proves it, such as a signed list. NobodyTrained; NotVisible for an agent who may not be named;
    SessionRefused names each agent who cannot be recorded. FileEmpty, FileTooLarge, FileTypeRefused of the sheet.
    """
    named = list(agents.filter(pk__in=agent_ids).select_related("user").order_by("pk"))
    if not named:
        raise NobodyTrained
    if len(named) < len(set(agent_ids)):
        raise NotVisible
    evidence = None
    if sheet:
        subject = "agents.trainingrecord:session"
        evidence = store(
            content=sheet, name=sheet_name, purpose="agents.training", owner=actor, subject=subject, now=now
        )
    records, reasons = [], []
    for agent in named:
        try:
            with transaction.atomic():
                records.append(
                    record_training(
                        agent_id=agent.pk,
                        course_id=course_id,
                        passed_on=passed_on,
                        evidence=evidence,
                        actor=actor,
                        now=now,
                    )
                )
        except Refusal as refusal:
            reasons.append(_reason(agent, refusal))
    if reasons:
        raise SessionRefused(reasons=reasons)
    return records


def _reason(agent: Agent, refusal: Refusal) -> Reason:
    said = " ".join(str(reason.message) for reason in refusal.reasons) or str(refusal)
    message = format_lazy("{agent}: {said}", agent=str(agent), said=said)
    return Reason(code=refusal.code, field="agents", message=message, value=str(agent.pk))


def _of(team: Team | None) -> tuple[Team, ...]:
    return (team,) if team else ()
