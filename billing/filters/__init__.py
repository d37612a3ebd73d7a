"""Filters of billing's lists, the same in the pages and the API."""

from billing.filters.advice import AdviceFilter
from billing.filters.bills import BillFilter, DifferenceFilter, DisputeFilter
from billing.filters.bundles import BundleUseFilter
from billing.filters.claims import ClaimFilter, PaymentFilter
from billing.filters.gaps import GapFilter
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
    "AdviceFilter",
    "AttributionFilter",
    "BalanceFilter",
    "BatchFilter",
    "BillFilter",
    "BundleUseFilter",
    "ClaimFilter",
    "DifferenceFilter",
    "DisputeFilter",
    "GapFilter",
    "LedgerFilter",
    "PaymentFilter",
    "RejectFilter",
    "SignalFilter",
    "TopUpFilter",
    "UsageFilter",
]
