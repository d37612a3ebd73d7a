"""What ending numbers comes to: accounts, fees not posted yet, penalties, for some cards at once (R91, R103)."""

from collections.abc import Mapping
from datetime import date, datetime

from billing.choices import AccountKind, EntryKind
from billing.models import LedgerEntry
from billing.selectors.balances import balances
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.money import ZERO
from cards.choices import ServiceState
from lifecycle.rules.leaving import Lock, leave
from lifecycle.rules.settlement import Purse, Settlement, settle
from lifecycle.selectors.facts import CardInputs, inputs_of

# Whole months of a stop cost no fee (domain.md section 3).
SERVED = frozenset({ServiceState.ACTIVE, ServiceState.HALF_STOP, ServiceState.CANCEL_PENDING})


def lock_of(known: CardInputs) -> Lock:
    """Return what binds a card."""
    more = known.more
    return Lock(
        monthly_fee=(more and more.monthly_fee) or ZERO,
        ends_on=known.contract_ends_on,
        penalty_fixed=(more and more.penalty_fixed) or ZERO,
        penalty_share=(more and more.penalty_share) or ZERO,
    )


def purses(known: Mapping[int, CardInputs], *, today: date) -> dict[int, Purse]:
    """Return what the account of each card holds and has still to pay, in two queries."""
    paid = balances(list(known))
    posted = set(
        LedgerEntry.objects.filter(
            card__in=known, month=month_start(today), kind=EntryKind.MONTHLY_FEE, reversed_by=None
        ).values_list("card_id", flat=True)
    )
    return {
        card_id: Purse(
            balance=one.balance,
            unbilled=lock_of(one).monthly_fee if one.service_state in SERVED and card_id not in posted else ZERO,
            penalty=leave(lock_of(one), today=today, on=today).penalty.amount,
            is_shared=card_id in paid and paid[card_id].kind == AccountKind.SHARED,
        )
        for card_id, one in known.items()
    }


def settlement_of(card_id: int, *, now: datetime) -> Settlement:
    """Return what the end of one card comes to today."""
    known = inputs_of([card_id], now=now)
    return settle(purses(known, today=business_day(now))[card_id])
