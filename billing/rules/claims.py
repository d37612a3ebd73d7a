"""What may be claimed, until when, and how much of it is paid back (R67; domain.md section 6, "Reimbursement")."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.rules.invoices import Check, as_title
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the company pays back: CNY a month (None: all), until which day of the month after, how many months back."""

    cap: Decimal | None = None
    deadline_day: int = 15
    months_back: int = 6


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """A card in the month of a claim. `in_shared` and `company_paid`: the company pays for it, or paid into it.

    `registered_to` is in whose name it is; empty where nobody is recorded.
    """

    was_held: bool
    in_shared: bool = False
    company_paid: Decimal = ZERO
    registered_to: str = ""


def card_checks(facts: CardFacts, *, title: str) -> Iterator[Check]:
    """Yield the checks of the card an invoice is for."""
    yield Check(
        code="held",
        label=_("Card held in the month"),
        fits=facts.was_held,
        message=_("The claimant did not hold this card in that month. Choose one of their own."),
        field="card",
    )
    yield Check(
        code="shared",
        label=_("Not in a shared account"),
        fits=not facts.in_shared,
        message=_("The company pays for this card by a shared account. There is nothing to claim."),
        field="card",
    )
    yield Check(
        code="company_paid",
        label=_("Not paid by the company"),
        fits=facts.company_paid <= ZERO,
        message=format_lazy(
            _("The company paid {amount} yuan into this card in that month. There is nothing to claim; ask finance."),
            amount=facts.company_paid,
        ),
        field="card",
    )
    yield Check(
        code="registered",
        label=_("Card in the company's name"),
        fits=as_title(facts.registered_to) == as_title(title),
        message=_("The card is not in the name that stands on the invoice. Carriers invoice whose card it is."),
        blocks=False,
        field="card",
    )


def time_checks(month: date, *, terms: Terms, today: date) -> Iterator[Check]:
    """Yield whether it is too early, too long ago, or late."""
    yield Check(
        code="begun",
        label=_("Month has begun"),
        fits=month <= today,
        message=_("This month has not come yet. Choose another."),
        field="month",
    )
    yield Check(
        code="months_back",
        label=_("Not too long ago"),
        fits=month >= first_month(terms, today=today),
        message=format_lazy(
            _("The company pays back {months} months back. This is longer ago; ask finance."), months=terms.months_back
        ),
        field="month",
    )
    yield Check(
        code="deadline",
        label=_("In time"),
        fits=not is_late(month, terms=terms, today=today),
        message=format_lazy(_("Late: it was to be sent by {day}."), day=deadline(month, terms=terms).isoformat()),
        blocks=False,
        field="month",
    )


def cap_check(amount: Decimal, *, left: Decimal | None) -> Check:
    """Return whether a claim stays within what the cap leaves; what is above it is not paid back."""
    return Check(
        code="cap",
        label=_("Within the cap of the month"),
        fits=left is None or amount <= left,
        message=format_lazy(_("Above what is left of the month's cap: {left} yuan are paid back."), left=left),
        blocks=False,
    )


def payable(amount: Decimal, *, left: Decimal | None) -> Decimal:
    """Return what is paid back of a claim, CNY."""
    return amount if left is None else min(amount, left)


def left_of(cap: Decimal | None, *, used: Decimal) -> Decimal | None:
    """Return what is left of a month's cap after other claims; None where there is no cap."""
    return None if cap is None else max(cap - used, ZERO)


def deadline(month: date, *, terms: Terms) -> date:
    """Return the last day on which a claim for a month is in time."""
    return next_month(month).replace(day=terms.deadline_day)


def is_late(month: date, *, terms: Terms, today: date) -> bool:
    """Tell whether a claim sent on a day comes late."""
    return today > deadline(month, terms=terms)


def first_month(terms: Terms, *, today: date) -> date:
    """Return the first day of the earliest month that is still paid back."""
    index = today.year * 12 + today.month - 1 - terms.months_back
    return month_start(date(index // 12, index % 12 + 1, 1))


def nothing_left(amount: Decimal) -> Reason:
    """Return why a claim would pay nothing: it claims nothing, or the month's cap is used up."""
    if amount <= ZERO:
        message = _("There is nothing to pay back: add an invoice above zero.")
        return Reason(code="nothing_claimed", message=message)
    return Reason(code="cap_used", message=_("The cap of this month is used up by other claims. Ask finance."))


def reason_missing() -> Reason:
    """Return why a claim is not refused without a word."""
    return Reason(code="reason_missing", message=_("Say why, so that the claimant can correct it."), field="reason")
