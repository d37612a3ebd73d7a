"""What is to be paid before a number is given up, and what comes back (R91)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Purse:
    """What a card's account holds, CNY: `balance` as it is to be acted on, None while nobody knows it.

    `unbilled` is what the carrier has still to charge for the month; `penalty` what leaving costs today. A shared
    account goes on paying for other cards, so nothing comes back from it.
    """

    balance: Decimal | None
    unbilled: Decimal = ZERO
    penalty: Decimal = ZERO
    is_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What a number's end comes to, CNY: `due` before it is submitted, `refund` after the final bill."""

    purse: Purse
    due: Decimal
    refund: Decimal

    @property
    def final_bill(self) -> Decimal:
        """What the final bill is expected to say."""
        return self.purse.unbilled + self.purse.penalty


def settle(purse: Purse) -> Settlement:
    """Return what is due and what comes back. The penalty is charged by the final bill, so it is not due before."""
    balance = purse.balance or ZERO
    due = max(purse.unbilled - balance, ZERO)
    refund = ZERO if purse.is_shared else max(balance - purse.unbilled - purse.penalty, ZERO)
    return Settlement(purse=purse, due=due, refund=refund)


def unsettled(settlement: Settlement) -> Iterator[Reason]:
    """Yield what stands between a number and its cancellation (R91): unpaid fees reach the credit record."""
    if settlement.purse.balance is None:
        yield Reason(
            code="balance_unknown",
            message=_("Nobody knows what the account holds, so nobody knows whether it is settled."),
            clears=_("Import or record the balance the carrier states, then settle."),
            field="paid",
        )
    elif settlement.due:
        yield Reason(
            code="not_settled",
            message=format_lazy(
                _("CNY {due} are still to be paid: {unbilled} not billed yet, balance {balance}."),
                due=settlement.due,
                unbilled=settlement.purse.unbilled,
                balance=settlement.purse.balance,
            ),
            clears=_("Pay it, enter the amount and attach the proof. Unpaid fees are told to the credit record."),
            field="paid",
            value=str(settlement.due),
        )
