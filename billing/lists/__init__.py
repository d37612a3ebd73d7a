"""The lists of billing: the ledger, the calls of a card, top-ups."""

from billing.lists.ledger import DAYS, LEDGER, USAGE, is_named
from billing.lists.top_ups import TOP_UPS

__all__ = ["DAYS", "LEDGER", "TOP_UPS", "USAGE", "is_named"]
