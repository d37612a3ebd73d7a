"""A card as a carrier would look at its number, when it passes to somebody else or to another carrier (R74)."""

from datetime import date
from decimal import Decimal

from billing.selectors.balances import balances
from cardfleet.kernel.money import ZERO
from cards.models import Card
from lifecycle.rules.cases.numbers import NumberFacts


def number_facts(card: Card, *, today: date) -> NumberFacts:
    """Return what is known of a card's number; `carrier`, `contract` and `registrant` are joined."""
    return NumberFacts(
        today=today,
        number=card.msisdn,
        service_state=card.service_state,
        carrier=card.carrier.name,
        carrier_code=card.carrier.code,
        carrier_kind=card.carrier.kind,
        registrant_kind=card.registrant.kind if card.registrant else "",
        real_name_state=card.real_name_state,
        owed=_owed(card),
        bound_until=card.contract.ends_on if card.contract else None,
        activated_on=card.activated_on,
    )


def _owed(card: Card) -> Decimal | None:
    """Return what is owed, CNY; None where no account pays for the card or nothing was ever said of it."""
    balance = balances([card.pk]).get(card.pk)
    if balance is None or balance.as_of is None:
        return None
    return max(ZERO, -balance.shown)
