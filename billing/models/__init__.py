"""What was used and what is owed."""

from billing.models.account import Account, AccountCard
from billing.models.advice import PlanAdvice
from billing.models.bill import Bill, BillDifference, BillLine, BillProfile, BillStatement
from billing.models.budget import Budget, BudgetWarning
from billing.models.bundle import BundleUse
from billing.models.callback import CallBack
from billing.models.callee import CalleeDay
from billing.models.claim import Claim, ClaimLine, ClaimPolicy
from billing.models.closing import ClosedCard, ClosedHolding, ClosedMonth, LateUsage
from billing.models.difference import BalanceExplanation, BalanceGap
from billing.models.dispute import Dispute
from billing.models.feed import FeedMapping
from billing.models.invoice import Invoice
from billing.models.ledger import BalanceReading, LedgerEntry
from billing.models.payment import PaymentBatch
from billing.models.place import UsagePlace
from billing.models.profile import UsageProfile
from billing.models.retention import RetentionRule
from billing.models.revoked import RevokedUsage
from billing.models.rollup import SummedMonth, UsageCharge, UsageDaily, UsageMonth
from billing.models.signal import UsageSignal
from billing.models.source import UsageAlias, UsageSource, VoiceLine
from billing.models.top_up import TopUpDecision, TopUpLevel, TopUpRequest
from billing.models.transfer import Transfer, TransferRule
from billing.models.usage import LineRecord, UsageAttribution, UsageBatch, UsageRecord, UsageReject
from billing.models.vat import VatRate
from billing.models.voucher import VoucherCentre, VoucherColumn, VoucherMapping

__all__ = [
    "Account",
    "AccountCard",
    "BalanceExplanation",
    "BalanceGap",
    "BalanceReading",
    "Bill",
    "BillDifference",
    "BillLine",
    "BillProfile",
    "BillStatement",
    "Budget",
    "BudgetWarning",
    "BundleUse",
    "CallBack",
    "CalleeDay",
    "Claim",
    "ClaimLine",
    "ClaimPolicy",
    "ClosedCard",
    "ClosedHolding",
    "ClosedMonth",
    "Dispute",
    "FeedMapping",
    "Invoice",
    "LateUsage",
    "LedgerEntry",
    "LineRecord",
    "PaymentBatch",
    "PlanAdvice",
    "RetentionRule",
    "RevokedUsage",
    "SummedMonth",
    "TopUpDecision",
    "TopUpLevel",
    "TopUpRequest",
    "Transfer",
    "TransferRule",
    "UsageAlias",
    "UsageAttribution",
    "UsageBatch",
    "UsageCharge",
    "UsageDaily",
    "UsageMonth",
    "UsagePlace",
    "UsageProfile",
    "UsageRecord",
    "UsageReject",
    "UsageSignal",
    "UsageSource",
    "VatRate",
    "VoiceLine",
    "VoucherCentre",
    "VoucherColumn",
    "VoucherMapping",
]
