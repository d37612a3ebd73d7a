"""Vocabulary of usage and money."""

from billing.choices.ledger import (
    AccountKind,
    EntryKind,
    ReadingSource,
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

__all__ = [
    "AccountKind",
    "BatchState",
    "CallDirection",
    "DurationSpelling",
    "EntryKind",
    "Expectation",
    "FeeUnit",
    "ReadingSource",
    "RejectCode",
    "SignalMeaning",
    "SourceRole",
    "TimeSpelling",
    "UsageValue",
]
