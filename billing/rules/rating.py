"""What a card's month costs by its plans' dated prices (R5, R27, R48, R81, R94).

The carrier's own charges stand: of calls, messages and data that it charged nothing is rated here. Bundle minutes go to
the month's outgoing calls in the order of their start, whoever charged them. A part of a month on a plan has its own
bundle. Messages and data are counted a month, so all bundles of the month are for them and the last plan's price.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from billing.choices import CallDirection
from billing.rules.prices import SECONDS, Price, billed_seconds, price_of_term, price_on
from billing.rules.proration import Life, Share, days_of_term, included, share_of
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.money import ZERO, to_fen

DAY = timedelta(days=1)
NOBODYS = UUID(int=0)


@dataclass(frozen=True)
class Term:
    """A plan that a card had on the days [starts, ends) of one month, and the plan's prices."""

    starts: date
    ends: date
    prices: tuple[Price, ...]

    @property
    def price(self) -> Price | None:
        """The price whose fee and bundle hold; None where the plan has none."""
        return price_of_term(self.prices, self.starts, self.ends)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that counts. `carrier_fee` is what the carrier charged for it, None where it did not say."""

    started_at: datetime
    direction: str
    duration_s: int
    uid: UUID = NOBODYS
    carrier_fee: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class RatedCall:
    """A call with each step of its rating: seconds charged, left in the bundle before it and beyond it; CNY."""

    call: Call
    price: Price | None
    billed_s: int
    left_s: int
    beyond_s: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Use:
    """Messages and data of a month; fees (CNY) where the carrier charged them itself."""

    sms: int = 0
    data_mb: Decimal = ZERO
    sms_fee: Decimal | None = None
    data_fee: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class MonthTerms:
    """What is due for a month whatever was used, and what that includes. CNY; minutes by term."""

    fee: Decimal = ZERO
    minimum: Decimal = ZERO
    minutes: tuple[int, ...] = ()
    sms: int = 0
    data_mb: int = 0
    last_price: Price | None = None


@dataclass(frozen=True, kw_only=True)
class MonthCharges:
    """What a month costs, by kind, CNY. `calls` is what the calls cost that no carrier charged."""

    fee: Decimal = ZERO
    calls: Decimal = ZERO
    sms: Decimal = ZERO
    data: Decimal = ZERO
    minimum: Decimal = ZERO
    rated: Sequence[RatedCall] = field(default=(), compare=False)


def month_terms(terms: Sequence[Term], life: Life) -> MonthTerms:
    """Return what a card's plans ask for and include in a month. `terms` are in the order of their days."""
    fee, minimum, sms, data_mb, minutes = ZERO, Decimal(0), 0, 0, []
    of_month = 1
    for term in terms:
        price = term.price
        share = Share(0, 0, 0)
        if price:
            days = days_of_term(term.starts, term.ends, life=life, price=price)
            share, of_month = share_of(price, days), days.of_month
            idle = (price.voluntary_stop_fee or ZERO) * share.voluntary_days
            fee += to_fen((price.monthly_fee * share.fee_days + idle) / of_month)
            minimum += price.minimum_spend * share.fee_days
            sms += included(price.included_sms, share, of_month)
            data_mb += included(price.included_data_mb, share, of_month)
        minutes.append(included(price.included_minutes, share, of_month) if price else 0)
    return MonthTerms(
        fee=fee,
        minimum=to_fen(minimum / of_month),
        minutes=tuple(minutes),
        sms=sms,
        data_mb=data_mb,
        last_price=_last_price(terms),
    )


def rate_calls(term: Term, minutes: int, calls: Sequence[Call]) -> list[RatedCall]:
    """Rate the calls of a term in the order of their start; `minutes` are what the bundle holds."""
    left, rated = minutes * SECONDS, []
    for call in sorted(calls, key=lambda call: (call.started_at, call.uid)):
        price = price_on(term.prices, business_day(call.started_at))
        billed = billed_seconds(price, call.duration_s) if price else 0
        is_out = call.direction == CallDirection.OUT
        beyond = max(billed - left, 0) if is_out else billed
        amount = ZERO
        if price and call.carrier_fee is None:
            amount = to_fen((price.minute_price if is_out else price.incoming_price) * beyond / SECONDS)
        rated.append(RatedCall(call=call, price=price, billed_s=billed, left_s=left, beyond_s=beyond, amount=amount))
        left -= billed - beyond
    return rated


def use_charges(due: MonthTerms, use: Use) -> tuple[Decimal, Decimal]:
    """Return what messages and data cost: the carrier's word, else what lies beyond the bundle."""
    price = due.last_price
    sms, data = use.sms_fee, use.data_fee
    if sms is None:
        sms = to_fen(price.sms_price * max(use.sms - due.sms, 0)) if price else ZERO
    if data is None:
        data = to_fen(price.data_price_mb * max(use.data_mb - due.data_mb, ZERO)) if price else ZERO
    return sms, data


def minimum_top(due: MonthTerms, spent: Decimal) -> Decimal:
    """Return what a month that is over lacks to the minimum spend."""
    return max(due.minimum - spent, ZERO)


def rate_month(
    terms: Sequence[Term], life: Life, calls: Sequence[Call], use: Use, *, is_over: bool = True
) -> MonthCharges:
    """Return what one card's month costs, with each of its calls."""
    due = month_terms(terms, life)
    rated = [
        one
        for term, minutes in zip(terms, due.minutes, strict=True)
        for one in rate_calls(term, minutes, [call for call in calls if _within(term, call)])
    ]
    own = sum((one.amount for one in rated), ZERO)
    carriers = sum((call.carrier_fee or ZERO for call in calls), ZERO)
    sms, data = use_charges(due, use)
    top = minimum_top(due, due.fee + own + carriers + sms + data) if is_over else ZERO
    return MonthCharges(fee=due.fee, calls=own, sms=sms, data=data, minimum=top, rated=rated)


def _within(term: Term, call: Call) -> bool:
    return term.starts <= business_day(call.started_at) < term.ends


def _last_price(terms: Sequence[Term]) -> Price | None:
    """Return the price in force on the last day of the last plan, else the one whose bundle holds."""
    if not terms:
        return None
    last = terms[-1]
    return price_on(last.prices, last.ends - DAY) or last.price
