"""What messages and data of a month cost by what was counted of them, beside what a bill asks (R27, R81)."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from billing.choices import BillItem
from billing.rules.rating import month_terms, use_charges
from billing.selectors import rating_facts


def own_use(cards: Collection[int], month: date) -> Mapping[int, dict[BillItem, Decimal]]:
    """Return CNY by item for each card of which something was counted and can be priced; a fixed number of queries.

    A count of nothing may be one that was never told, and a price of nothing one that nobody entered: both say nothing.
    """
    uses = rating_facts.uses(month, cards)
    found = {}
    for card in rating_facts.rated_cards(month, list(uses)) if uses else ():
        use, terms = uses[card.card_id], month_terms(card.terms, card.life)
        price = terms.last_price
        sms, data = use_charges(terms, use)
        told = {
            BillItem.SMS: (sms, _says(use.sms, use.sms_fee, price.sms_price if price else None)),
            BillItem.DATA: (data, _says(use.data_mb, use.data_fee, price.data_price_mb if price else None)),
        }
        found[card.card_id] = {item: amount for item, (amount, is_told) in told.items() if is_told}
    return found


def _says(count: Decimal | int, fee: Decimal | None, price: Decimal | None) -> bool:
    return fee is not None or bool(count and price)
