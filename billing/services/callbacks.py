"""A missed call is settled by hand, where no call of ours shows that it was returned (R115)."""

from datetime import datetime

from agents.models import Assignment
from billing.models import CallBack
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction


@one_transaction
def settle_missed_call(*, card_id: int, caller_hash: str, actor: User, now: datetime) -> CallBack:
    """Record that the holder of a card saw to a caller. NotVisible unless they hold it; the journal has no number."""
    mine = Assignment.objects.open().filter(card=card_id, agent__user=actor, accepted_at__isnull=False)
    held = mine.select_related("card").first()
    if held is None:
        raise NotVisible
    settled = CallBack.objects.create(card=held.card, caller_hash=caller_hash, at=now, by=actor)
    record(actor=actor, action="billing.missed_call_settled", subject=held.card, now=now)
    return settled
