"""Rewards and appraisals where the month's figures are known (R70, R71)."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.errors import AgentHasLeft
from agents.models import Agent, Appraisal, Reward
from agents.services.appraisals import record_reward, write_appraisal
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import tell
from lifecycle.messages import APPRAISED
from lifecycle.selectors.performance import AgentMonth, performance


@one_transaction
def reward_agent(
    *,
    agent: Agent,
    month: date,
    kind: str,
    basis: str,
    reason: str,
    actor: User,
    now: datetime,
    amount: Decimal | None = None,
) -> Reward:
    """Record a reward or penalty as `record_reward`; limits broken in the month forbid one for results (R71)."""
    reached = _month(agent, month, now)
    return record_reward(
        agent=agent,
        month=month,
        kind=kind,
        basis=basis,
        reason=reason,
        amount=amount,
        broken=list(_broken(reached)),
        actor=actor,
        now=now,
    )


@one_transaction
def appraise(*, agent: Agent, month: date, attitude: int, summary: str, actor: User, now: datetime) -> Appraisal:
    """Sign an appraisal with the month's figures as they stand, and ask the agent to sign; as `write_appraisal`."""
    if agent.status == AgentStatus.LEFT:
        raise AgentHasLeft
    figures = _month(agent, month, now).as_json()
    appraisal = write_appraisal(
        agent=agent, month=month, figures=figures, attitude=attitude, summary=summary, actor=actor, now=now
    )
    params = {"month": f"{appraisal.month:%Y-%m}", "by": str(actor)}
    url = url_or_empty("lifecycle:my-performance")
    tell(user=agent.user, code=APPRAISED, params=params, key=f"appraisal:{appraisal.pk}", url=url, now=now)
    return appraisal


def _month(agent: Agent, month: date, now: datetime) -> AgentMonth:
    return performance(Agent.objects.filter(pk=agent.pk), month=month, user=None, today=business_day(now))[0]


def _broken(reached: AgentMonth) -> list[Reason]:
    reasons = []
    if reached.broken:
        message = format_lazy(_("Limits of calling broken: {count}."), count=reached.broken)
        reasons.append(Reason(code="limits_broken", message=message))
    if reached.complaints:
        message = format_lazy(_("Valid complaints: {count}."), count=reached.complaints)
        reasons.append(Reason(code="complaints", message=message))
    return reasons
