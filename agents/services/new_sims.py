"""A card that goes on with a new SIM is handed over anew: its agent signs for the new plastic (R39, R52, R75)."""

import uuid
from datetime import datetime

from agents.choices import AssignmentOrigin
from agents.models import Assignment
from agents.services.assignments import ACCEPT_WITHIN
from agents.services.handovers import open_receipt
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card


@one_transaction
def hand_new_sim(*, card_id: int, actor: User | None, now: datetime) -> Assignment | None:
    """Let the assignment of a card end with its old SIM and begin anew, with a receipt, for the same agent.

    What was signed stays signed; calls and costs stay the agent's. None where nobody holds the card. NotVisible.
    """
    card = Card.objects.filter(pk=card_id).locked().first()
    if card is None:
        raise NotVisible
    before = Assignment.objects.open().filter(card=card).select_related("agent__user").locked().first()
    if before is None:
        return None
    Assignment.objects.filter(pk=before.pk).update(ended_at=now)
    held = Assignment(
        card=card,
        agent=before.agent,
        team_id=before.team_id,
        origin=AssignmentOrigin.NEW_SIM,
        started_at=now,
        recorded_at=now,
        taken_from_team_id=before.taken_from_team_id,
        condition=card.condition,
        handed_by=actor,
        accept_by=now + ACCEPT_WITHIN,
        due_back_on=before.due_back_on,
        note=before.note,
    )
    held.save(force_insert=True)
    open_receipt(assignment=held, act=uuid.uuid4(), actor=actor, now=now)
    record(
        actor=actor,
        action="agents.new_sim_handed",
        subject=card,
        related=(held.agent, held),
        now=now,
        data={"assignment": held.pk},
    )
    return held
