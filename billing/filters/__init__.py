"""Filters of billing's lists, the same in the pages and the API."""

from billing.filters.bills import BillFilter, DifferenceFilter, DisputeFilter
from billing.filters.claims import ClaimFilter
from billing.filters.top_ups import TopUpFilter
from billing.filters.usage import (
    AttributionFilter,
    BalanceFilter,
    BatchFilter,
    LedgerFilter,
    RejectFilter,
    SignalFilter,
    UsageFilter,
)

__all__ = [
    "AttributionFilter",
    "BalanceFilter",
    "BatchFilter",
    "BillFilter",
    "ClaimFilter",
    "DifferenceFilter",
    "DisputeFilter",
    "LedgerFilter",
    "RejectFilter",
    "SignalFilter",
    "TopUpFilter",
    "UsageFilter",
]
