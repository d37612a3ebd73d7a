"""Looking after everybody who leaves: the last day comes, things are wound up meanwhile (R76)."""

from datetime import date, datetime

from agents.choices import AgentStatus
from agents.models import Agent, Leaving
from agents.services.agents import leave
from agents.services.leaving import settle_tasks


def watch_leavers(*, today: date, now: datetime) -> dict[str, int]:
    """End the access of those whose last day is over, and note what is wound up. Each leaver is a transaction.

    Somebody whose access was ended on the page of people has left, too.
    """
    over = Leaving.objects.open().filter(left_at__isnull=True, leaves_on__lt=today)
    due = {leaving.agent_id: leaving.reason for leaving in over}
    shut_out = Agent.objects.exclude(status=AgentStatus.LEFT).filter(user__is_active=False)
    due |= {agent_id: "" for agent_id in shut_out.values_list("pk", flat=True) if agent_id not in due}
    for agent_id, reason in sorted(due.items()):
        leave(agent_id=agent_id, reason=reason, actor=None, now=now)
    return {"left": len(due), "done": settle_tasks(now=now)}
