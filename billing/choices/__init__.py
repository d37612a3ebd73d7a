"""Vocabulary of usage and money."""

from billing.choices.bills import (
    REMARKS,
    BillColumn,
    BillItem,
    BillState,
    DifferenceKind,
    DifferenceState,
    DisputeState,
    StatementState,
)
from billing.choices.budgets import BudgetPeriod, BudgetScope
from billing.choices.claims import LIVE_CLAIMS, ClaimState, InvoiceKind
from billing.choices.closing import ClosingCheck
from billing.choices.differences import DifferenceCause, DifferencePart
from billing.choices.ledger import (
    BY_HAND,
    CHARGED_BY_HAND,
    COST_KINDS,
    HELD_TO,
    AccountKind,
    EntryKind,
    ReadingSource,
)
from billing.choices.top_ups import (
    HERE_STATES,
    OPEN_STATES,
    ApprovalRank,
    TopUpChannel,
    TopUpOrigin,
    TopUpRisk,
    TopUpState,
)
from billing.choices.usage import (
    BatchState,
    CallDirection,
    DurationSpelling,
    Expectation,
    FeeUnit,
    RejectCode,
    SignalMeaning,
    SourceRole,
    TimeSpelling,
    UsageValue,
)
from billing.choices.vouchers import VoucherValue
from billing.choices.waste import WasteKind

__all__ = [
    "BY_HAND",
    "CHARGED_BY_HAND",
    "COST_KINDS",
    "HELD_TO",
    "HERE_STATES",
    "LIVE_CLAIMS",
    "OPEN_STATES",
    "REMARKS",
    "AccountKind",
    "ApprovalRank",
    "BatchState",
    "BillColumn",
    "BillItem",
    "BillState",
    "BudgetPeriod",
    "BudgetScope",
    "CallDirection",
    "ClaimState",
    "ClosingCheck",
    "DifferenceCause",
    "DifferenceKind",
    "DifferencePart",
    "DifferenceState",
    "DisputeState",
    "DurationSpelling",
    "EntryKind",
    "Expectation",
    "FeeUnit",
    "InvoiceKind",
    "ReadingSource",
    "RejectCode",
    "SignalMeaning",
    "SourceRole",
    "StatementState",
    "TimeSpelling",
    "TopUpChannel",
    "TopUpOrigin",
    "TopUpRisk",
    "TopUpState",
    "UsageValue",
    "VoucherValue",
    "WasteKind",
]
