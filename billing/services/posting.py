"""What people post into the ledger by hand: each kind by the one service that writes it (R28)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.choices import CHARGED_BY_HAND, EntryKind
from billing.models import Account, LedgerEntry
from billing.selectors.top_ups import usual_amounts
from billing.services import ledger
from billing.services.top_ups.asking import refuse_doubtful
from billing.services.top_ups.paying import record_top_up
from cardfleet.accounts.models import User
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card


@one_transaction
def post_by_hand(
    *,
    kind: EntryKind,
    account: Account,
    card: Card,
    amount: Decimal,
    actor: User,
    now: datetime,
    reference: str = "",
    note: str = "",
    is_sure: bool = False,
) -> LedgerEntry:
    """Post one of the kinds BY_HAND as people enter it: charges above zero, a top-up as one that was paid and has come.

    A top-up that may be a slipped dot needs `is_sure` (TopUpUnusual). WrongAmount and what `ledger.post` refuses.
    """
    about: dict[str, Any] = {
        "account": account,
        "card": card,
        "actor": actor,
        "now": now,
        "reference": reference,
        "note": note,
    }
    if kind in CHARGED_BY_HAND:
        return ledger.charge(kind=kind, amount=amount, **about)
    if kind != EntryKind.TOP_UP:
        return ledger.post(kind=kind, amount=amount, **about)
    if not is_sure:
        refuse_doubtful(amount, usual=usual_amounts([card.pk], now=now).get(card.pk))
    return LedgerEntry.objects.get(top_up=record_top_up(amount=amount, **about))
