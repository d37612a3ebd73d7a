"""The flags of cards that registers keep (domain.md section 4): set for many at once; the caller writes the journal."""

from collections.abc import Collection
from datetime import datetime

from cardfleet.kernel.transactions import one_transaction
from cards.models import Card


@one_transaction
def set_reverify_due(*, card_ids: Collection[int], due_at: datetime | None, now: datetime) -> None:
    """Set until when the registrants of cards must verify again; None when it is done."""
    Card.objects.filter(pk__in=card_ids).update(reverify_due_at=due_at, updated_at=now)


@one_transaction
def set_marked(*, card_id: int, is_marked: bool, now: datetime) -> None:
    """Set whether any platform marks the number."""
    Card.objects.filter(pk=card_id).exclude(is_marked=is_marked).update(is_marked=is_marked, updated_at=now)
