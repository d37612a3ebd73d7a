"""Which details holders have confirmed, and which they found wrong (R14)."""

from collections.abc import Collection
from datetime import date

from agents.models import CardConfirmation
from agents.rules.confirmations import period_of
from cardfleet.accounts.models import User


def unconfirmed(card_ids: Collection[int], user: User, *, today: date) -> frozenset[int]:
    """Return which of some cards a person has not confirmed in the quarter of a day."""
    said = CardConfirmation.objects.filter(card__in=card_ids, agent__user=user, period=period_of(today))
    return frozenset(card_ids) - frozenset(said.values_list("card_id", flat=True))
