"""Renewing a card's validity: what keeping it costs, its new last day, and what forbids to let it lapse (R15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.money import ZERO, to_fen
from cards.choices import Payment
from cards.rules.carrier_terms import Dated
from cards.rules.contract_terms import add_months

MONTHS = 12
LEAD_DAYS = 30
MOST_MONTHS = 60
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class RenewalFacts:
    """What is known of a card whose validity ends. Money is CNY, days are Shanghai days, None means unknown."""

    today: date
    expires_on: date | None
    monthly_fee: Decimal | None = None
    minimum_spend: Decimal | None = None
    payment: str = ""
    bound_until: date | None = None
    is_customer_facing: bool = False


@dataclass(frozen=True, kw_only=True)
class Cost:
    """CNY for keeping a card so many months, None where no price is known, and why."""

    amount: Decimal | None
    months: int
    why: Text


def keeping_cost(facts: RenewalFacts, *, months: int = MONTHS) -> Cost:
    """Return what keeping the card costs even if nobody calls: the monthly fee, or a larger minimum spend."""
    if facts.monthly_fee is None:
        return Cost(amount=None, months=months, why=_("The plan has no price on record, so the cost is not known."))
    monthly = max(facts.monthly_fee, facts.minimum_spend or ZERO)
    amount = to_fen(monthly * months)
    why = format_lazy(_("CNY {monthly} a month for {months} months."), monthly=to_fen(monthly), months=months)
    return Cost(amount=amount, months=months, why=why)


def new_last_day(facts: RenewalFacts, *, months: int = MONTHS) -> Dated:
    """Return the last day after a renewal: so many months after the present one, from today where that is over.

    The carrier's answer decides; this is what to expect of it.
    """
    if facts.expires_on is not None and facts.expires_on >= facts.today:
        why = format_lazy(_("{months} months after {day}."), months=months, day=facts.expires_on.isoformat())
        return Dated(add_months(facts.expires_on + DAY, months) - DAY, why)
    why = format_lazy(_("{months} months from today: the validity on record is over or unknown."), months=months)
    return Dated(add_months(facts.today, months) - DAY, why)


def unfit_date(facts: RenewalFacts, new: date) -> Iterator[Reason]:
    """Yield why a day cannot be the new last day of validity."""
    floor = max(facts.expires_on or facts.today, facts.today)
    if new <= floor:
        yield Reason(
            code="renewal_not_later",
            message=format_lazy(
                _("The card is valid until {day} already, or that day is over."), day=floor.isoformat()
            ),
            clears=_("Enter the new last day that the carrier named."),
            field="expires_on",
        )
    elif new > add_months(facts.today, MOST_MONTHS + MONTHS):
        yield Reason(
            code="renewal_too_far",
            message=_("No carrier renews for so long. Check the year."),
            field="expires_on",
        )


def against_lapsing(facts: RenewalFacts) -> Iterator[Reason]:
    """Yield why a card may not just be left to lapse: it is cancelled in order, or renewed (R91, R103, R116)."""
    if facts.is_customer_facing:
        yield Reason(
            code="customers_rely",
            message=_("Customers rely on this number; lapsed, it goes to a stranger."),
            clears=_("Renew it, or cancel it with notice to those customers."),
            field="decision",
        )
    if facts.bound_until and facts.expires_on and facts.bound_until > facts.expires_on:
        yield Reason(
            code="contract_binds",
            message=format_lazy(_("The contract runs until {day}."), day=facts.bound_until.isoformat()),
            clears=_("Renew it, or cancel it and accept the penalty."),
            field="decision",
        )
    if facts.payment == Payment.POSTPAID:
        yield Reason(
            code="postpaid_goes_on",
            message=_("A postpaid number does not lapse: its fees go on, become arrears and reach credit records."),
            clears=_("Renew it, or cancel it and settle its fees."),
            field="decision",
        )
