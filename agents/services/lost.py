"""A card that is lost for good leaves its holder's hands though nobody takes it back (R52, R75)."""

from datetime import datetime

from agents.models import Assignment
from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.choices import CustodyState
from cards.models import Card
from cards.services.custody import change_custody


@one_transaction
def write_off(*, card_id: int, note: str, actor: User | None, now: datetime) -> Assignment | None:
    """End the assignment of a missing card, which stays missing; None where nobody held it. NotVisible."""
    card = Card.objects.locked().filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    held = Assignment.objects.open().filter(card=card).select_related("agent").locked().first()
    if held is None:
        return None
    held.ended_at = now
    held.note = "\n".join(filter(None, [held.note, note]))
    held.save(update_fields=["ended_at", "note"])
    change_custody(
        card=card,
        to=CustodyState.MISSING,
        holder=None,
        team=card.team,
        actor=actor,
        now=now,
        at=now,
        note=note,
        is_locked=True,
        also=[
            Deed(
                action="agents.card_written_off",
                subject=card,
                related=(held.agent, held),
                reason=note,
                data={"assignment": held.pk},
            )
        ],
    )
    return held
