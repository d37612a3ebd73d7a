"""Reminding an agent of cards that were handed to them and that they did not sign for (R11, R75)."""

from datetime import datetime, timedelta

from agents.errors import HandoverEnded, RemindedAlready
from agents.messages import ACCEPTANCE_DUE
from agents.models import Agent, Assignment
from agents.querysets import AssignmentQuerySet
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.selectors import was_told
from cardfleet.notify.services import tell

AGAIN_AFTER = timedelta(hours=1)
LINES = 20


@one_transaction
def remind_to_accept(*, assignment_id: int, assignments: AssignmentQuerySet, actor: User, now: datetime) -> Agent:
    """Remind the agent of a hand-over of all cards they did not sign for yet: one message, and at most one an hour.

    `assignments` are those in scope. NotVisible, HandoverEnded where nothing waits any more, RemindedAlready.
    """
    named = assignments.filter(pk=assignment_id).first()
    if named is None:
        raise NotVisible
    agent = Agent.objects.select_related("user").locked().get(pk=named.agent_id)
    waiting = Assignment.objects.unaccepted().filter(agent=agent).select_related("card").order_by("pk")
    held = list(waiting)
    if named.pk not in {one.pk for one in held}:
        raise HandoverEnded
    if was_told(agent.user_id, ACCEPTANCE_DUE, since=now - AGAIN_AFTER):
        raise RemindedAlready
    lines = [one.card.masked_msisdn for one in held[:LINES]]
    tell(
        user=agent.user,
        code=ACCEPTANCE_DUE,
        params={"count": len(held), "by": actor.name, "lines": "\n".join(lines)},
        key=f"acceptance:{named.pk}:{now.isoformat()}",
        url=url_or_empty("lifecycle:my"),
        email=True,
        now=now,
    )
    deeds = [Deed(action="agents.acceptance_reminded", subject=one.card, related=(agent, one)) for one in held]
    record_many(deeds, actor=actor, now=now)
    return agent
