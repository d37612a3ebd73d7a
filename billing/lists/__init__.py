"""The lists of billing: ledger, balances, calls, top-ups, claims, payments, bills, best plans, and the cost report."""

from billing.lists.best_plans import BEST_PLANS
from billing.lists.bills import BILLS, DIFFERENCES, DISPUTES
from billing.lists.claims import CLAIMS
from billing.lists.costs import COSTS
from billing.lists.gaps import GAPS
from billing.lists.ledger import DAYS, LEDGER, USAGE, is_named
from billing.lists.payments import PAYMENTS
from billing.lists.top_ups import TOP_UPS

__all__ = [
    "BEST_PLANS",
    "BILLS",
    "CLAIMS",
    "COSTS",
    "DAYS",
    "DIFFERENCES",
    "DISPUTES",
    "GAPS",
    "LEDGER",
    "PAYMENTS",
    "TOP_UPS",
    "USAGE",
    "is_named",
]
