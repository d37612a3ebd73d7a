"""Secrets seen by who has the right to a card, and its supervisors told of it (R24)."""

from datetime import datetime

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import Telling, tell_many
from cards.models import Card
from cards.services.secrets import reveal
from lifecycle.messages import SECRET_SEEN
from lifecycle.selectors.secrets import BY_HOLDING, BY_SCOPE, openable
from lifecycle.selectors.watchers import in_charge_of


@one_transaction
def reveal_secret(*, card_id: int, field: str, actor: User, reason: str, now: datetime) -> str:
    """Return one secret of a card the person may open, and tell its other supervisors who looked and why.

    NotVisible where the card is not theirs to open or nothing is stored; NotAllowed, BadInput as `reveal`.
    """
    card = openable(actor).select_related("team").locked().filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    right = BY_SCOPE if actor.has_perm(BY_SCOPE) else BY_HOLDING
    value = reveal(card=card, field=field, actor=actor, reason=reason, right=right, now=now)
    _tell(card, actor=actor, reason=reason, now=now)
    return value


def _tell(card: Card, *, actor: User, reason: str, now: datetime) -> None:
    told = [
        Telling(
            user=person,
            code=SECRET_SEEN,
            params={"by": str(actor), "card": str(card), "reason": reason},
            key=f"secret:{card.pk}:{actor.pk}:{now.isoformat()}",
            url=url_or_empty("lifecycle:card-secrets", card.pk),
        )
        for person in in_charge_of(card.team)
        if person != actor
    ]
    tell_many(tellings=told, now=now)
