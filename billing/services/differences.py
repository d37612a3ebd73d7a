"""Saying what lies between a carrier's balance and ours."""

from datetime import datetime
from decimal import Decimal

from agents.errors import ReasonMissing
from billing.choices import DifferenceCause
from billing.models import BalanceExplanation, BalanceReading, Dispute
from billing.services.balance_gaps import find_gaps
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.transactions import one_transaction

# Causes that say nothing by themselves.
WANT_WORDS = frozenset({DifferenceCause.OTHER, DifferenceCause.DISPUTED})


@one_transaction
def explain_difference(
    *,
    reading: BalanceReading,
    amount: Decimal,
    cause: DifferenceCause,
    actor: User | None,
    now: datetime,
    dispute: Dispute | None = None,
    note: str = "",
) -> BalanceExplanation:
    """Say why a reading differs by `amount` (CNY) from our own sum.

    Raises ReasonMissing where the cause is other or disputed, and neither a note nor a dispute says more.
    """
    disputed = dispute if cause == DifferenceCause.DISPUTED else None
    if cause in WANT_WORDS and not note.strip() and disputed is None:
        raise ReasonMissing
    said = BalanceExplanation.objects.create(
        reading=reading, cause=cause, amount=amount, dispute=disputed, note=note.strip(), said_at=now, actor=actor
    )
    find_gaps(accounts=[reading.account_id], now=now)
    record(
        actor=actor,
        action="billing.difference_explained",
        subject=reading.account,
        reason=said.note,
        now=now,
        data={"cause": cause, "amount": str(amount)},
    )
    return said
