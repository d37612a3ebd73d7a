"""Rewards, penalties and appraisals as records (R70, R71). What a month's figures are, lifecycle knows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.choices import RewardBasis, RewardKind
from agents.errors.conduct import (
    AppraisalNotUsable,
    AppraisalSigned,
    AppraisedAlready,
    RewardNotUsable,
    RewardRefused,
    RewardWithdrawn,
)
from agents.errors.learning import NameNotSigned
from agents.models import Agent, Appraisal, Reward
from agents.rules.receipts import is_signed
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason


@transaction.atomic
def record_reward(
    *,
    agent: Agent,
    month: date,
    kind: str,
    basis: str,
    reason: str,
    broken: Sequence[Reason],
    actor: User,
    now: datetime,
    amount: Decimal | None = None,
) -> Reward:
    """Record a reward or a penalty of a month. `broken` are the limits the agent broke in it.

    RewardRefused for results of a month in which a limit was broken; RewardNotUsable.
    """
    reasons = []
    if not reason.strip():
        reasons.append(Reason(code="reason_missing", field="reason", message=_("Say what for.")))
    if amount is not None and amount <= 0:
        reasons.append(Reason(code="amount_range", field="amount", message=_("An amount is above zero, or left out.")))
    if month > business_day(now):
        reasons.append(Reason(code="month_ahead", field="month", message=_("This month has not begun.")))
    if reasons:
        raise RewardNotUsable(reasons=reasons)
    if kind == RewardKind.REWARD and basis == RewardBasis.RESULTS and broken:
        raise RewardRefused(reasons=broken)
    reward = Reward.objects.create(
        agent=agent,
        month=month.replace(day=1),
        kind=kind,
        basis=basis,
        amount=amount,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=actor,
    )
    data = {"kind": kind, "month": f"{month:%Y-%m}"}
    record(actor=actor, action="agents.reward_recorded", subject=agent, related=(reward,), now=now, data=data)
    return reward


@transaction.atomic
def withdraw_reward(*, reward_id: int, actor: User, now: datetime) -> Reward:
    """Take a record of the actor's scope back; it stays visible."""
    reward = Reward.objects.visible_to(actor).filter(pk=reward_id).locked().first()
    if reward is None:
        raise NotVisible
    if reward.withdrawn_at:
        raise RewardWithdrawn
    reward.withdrawn_at = now
    reward.save(update_fields=["withdrawn_at"])
    record(actor=actor, action="agents.reward_withdrawn", subject=reward.agent, related=(reward,), now=now)
    return reward


@transaction.atomic
def write_appraisal(
    *,
    agent: Agent,
    month: date,
    figures: Mapping[str, Any],
    attitude: int,
    summary: str,
    actor: User,
    now: datetime,
) -> Appraisal:
    """Write and sign what is said of an agent's month, with its figures as they stand. AppraisedAlready."""
    month = month.replace(day=1)
    reasons = []
    if not summary.strip():
        reasons.append(Reason(code="summary_missing", field="summary", message=_("Say how the month was.")))
    if month > business_day(now):
        reasons.append(Reason(code="month_ahead", field="month", message=_("This month has not begun.")))
    if agent.user_id == actor.pk:
        reasons.append(Reason(code="oneself", field="agent", message=_("Nobody appraises themselves.")))
    if reasons:
        raise AppraisalNotUsable(reasons=reasons)
    if Appraisal.objects.filter(agent=agent, month=month).exists():
        raise AppraisedAlready
    appraisal = Appraisal.objects.create(
        agent=agent,
        month=month,
        figures=dict(figures),
        attitude=attitude,
        summary=summary.strip(),
        signed_at=now,
        signed_by=actor,
    )
    data = {"month": f"{month:%Y-%m}"}
    record(actor=actor, action="agents.appraised", subject=agent, related=(appraisal,), now=now, data=data)
    return appraisal


@transaction.atomic
def sign_appraisal(*, appraisal_id: int, comment: str, signed_name: str, actor: User, now: datetime) -> Appraisal:
    """Sign one's own appraisal by name, with a comment or without. NotVisible of others', AppraisalSigned."""
    appraisal = Appraisal.objects.filter(pk=appraisal_id, agent__user=actor).locked().first()
    if appraisal is None:
        raise NotVisible
    if appraisal.agent_signed_at:
        raise AppraisalSigned
    if not is_signed(name=actor.name, drawing=b"", signed_name=signed_name):
        raise NameNotSigned
    appraisal.comment, appraisal.agent_signed_at = comment.strip(), now
    appraisal.agent_signed_name = " ".join(signed_name.split())
    appraisal.save(update_fields=["comment", "agent_signed_at", "agent_signed_name"])
    data = {"month": f"{appraisal.month:%Y-%m}"}
    record(
        actor=actor, action="agents.appraisal_signed", subject=appraisal.agent, related=(appraisal,), now=now, data=data
    )
    return appraisal
