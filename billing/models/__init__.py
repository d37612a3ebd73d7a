"""What was used and what is owed."""

from billing.models.account import Account, AccountCard
from billing.models.callee import CalleeDay
from billing.models.feed import FeedMapping
from billing.models.ledger import BalanceReading, LedgerEntry
from billing.models.profile import UsageProfile
from billing.models.retention import RetentionRule
from billing.models.revoked import RevokedUsage
from billing.models.rollup import UsageCharge, UsageDaily
from billing.models.signal import UsageSignal
from billing.models.source import UsageAlias, UsageSource, VoiceLine
from billing.models.usage import LineRecord, UsageAttribution, UsageBatch, UsageRecord, UsageReject

__all__ = [
    "Account",
    "AccountCard",
    "BalanceReading",
    "CalleeDay",
    "FeedMapping",
    "LedgerEntry",
    "LineRecord",
    "RetentionRule",
    "RevokedUsage",
    "UsageAlias",
    "UsageAttribution",
    "UsageBatch",
    "UsageCharge",
    "UsageDaily",
    "UsageProfile",
    "UsageRecord",
    "UsageReject",
    "UsageSignal",
    "UsageSource",
    "VoiceLine",
]
