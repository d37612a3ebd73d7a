"""Keeping what people say of the quality of calls (R77, R78)."""

from datetime import datetime

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.querysets import CardQuerySet
from lifecycle.models import CallQuality, Case
from lifecycle.rules.quality import lacking


@one_transaction
def rate_calls(
    *,
    card_id: int,
    cards: CardQuerySet,
    score: int,
    cause: str = "",
    note: str = "",
    case: Case | None = None,
    actor: User | None,
    now: datetime,
) -> CallQuality:
    """Keep an opinion of a card's calls, 1 to 5; `cards` are those the person may speak of. BadInput, NotVisible."""
    card = cards.filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    if reasons := list(lacking(score, cause)):
        raise BadInput(reasons=reasons)
    said = CallQuality.objects.create(
        card=card, score=score, cause=cause, note=note.strip()[:300], at=now, by=actor, case=case
    )
    data = {"score": score, "cause": cause}
    record(actor=actor, action="lifecycle.calls_rated", subject=card, now=now, data=data)
    return said
