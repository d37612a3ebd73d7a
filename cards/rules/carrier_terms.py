"""When a carrier stops, restores, ends and recycles a number, by its own terms (R6, R45, R91, R97, R100, R103, R109).

Terms are data of each carrier; the copies read are dated, so the customer's own contract always wins. Every date
comes with the sentence that explains it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import next_month
from cardfleet.kernel.errors import Text
from cardfleet.kernel.money import ZERO, to_fen


@dataclass(frozen=True, kw_only=True)
class CarrierTerms:
    """One carrier's terms, in days unless named; statutory values where nothing is given (电信条例 art. 34)."""

    stop_below: Decimal = ZERO
    due_day: int | None = None
    stop_after_days: int = 30
    restore_hours: int = 48
    terminate_after_days: int = 60
    freeze_days: int = 90
    recycle_after_days: int = 90


@dataclass(frozen=True)
class Dated:
    """A computed day and why it is that one."""

    on: date
    why: Text


@dataclass(frozen=True, kw_only=True)
class ArrearsClock:
    """What follows from unpaid money: a day is None while the step before it has no day."""

    stop: Dated | None
    terminate: Dated | None
    freeze_end: Dated | None


@dataclass(frozen=True, kw_only=True)
class Penalty:
    """CNY for leaving a contract on a day, the months left, and why."""

    amount: Decimal
    months_left: int
    why: Text


def due_on(terms: CarrierTerms, billed_month: date) -> date:
    """Return the day a month's bill is due: the carrier's due day of the following month, else that month's end."""
    following = next_month(billed_month)
    last_day = monthrange(following.year, following.month)[1]
    return following.replace(day=min(terms.due_day or last_day, last_day))


def arrears_clock(terms: CarrierTerms, *, due: date | None, stopped_on: date | None) -> ArrearsClock:
    """Return the days on which an unpaid bill stops, ends and frees the number.

    `stopped_on` is the real day of the stop once there is one; until then it is computed from `due`.
    """
    stop = _stop(terms, due, stopped_on)
    if stop is None:
        return ArrearsClock(stop=None, terminate=None, freeze_end=None)
    terminate = Dated(
        stop.on + timedelta(days=terms.terminate_after_days),
        format_lazy(
            _("{days} days after the stop of {start} the carrier may end the number."),
            days=terms.terminate_after_days,
            start=stop.on.isoformat(),
        ),
    )
    return ArrearsClock(stop=stop, terminate=terminate, freeze_end=freeze_end(terms, ended_on=terminate.on))


def _stop(terms: CarrierTerms, due: date | None, stopped_on: date | None) -> Dated | None:
    if stopped_on is not None:
        return Dated(stopped_on, _("The carrier stopped the card on this day."))
    if due is None:
        return None
    return Dated(
        due + timedelta(days=terms.stop_after_days + 1),
        format_lazy(
            _("Due on {due}; the carrier stops more than {days} days after that."),
            due=due.isoformat(),
            days=terms.stop_after_days,
        ),
    )


def freeze_end(terms: CarrierTerms, *, ended_on: date) -> Dated:
    """Return the first day on which an ended number may be given to somebody else."""
    return Dated(
        ended_on + timedelta(days=terms.freeze_days),
        format_lazy(
            _("The number stays frozen for {days} days from {start}."),
            days=terms.freeze_days,
            start=ended_on.isoformat(),
        ),
    )


def restore_by(terms: CarrierTerms, *, paid_at: datetime) -> datetime:
    """Return the moment by which the carrier must have restored a paid card (48 h by law, 24 h in some contracts)."""
    return paid_at + timedelta(hours=terms.restore_hours)


def recycle(terms: CarrierTerms, *, last_call_on: date | None, last_topup_on: date | None) -> Dated | None:
    """Return the day a silent number is expected to be recycled; None when nothing is known of its use.

    Silent means neither a call nor a top-up, so the later of both counts (R109).
    """
    known = [day for day in (last_call_on, last_topup_on) if day]
    if not known:
        return None
    return Dated(
        max(known) + timedelta(days=terms.recycle_after_days),
        format_lazy(
            _("No call and no top-up since {last}; recycled after {days} days."),
            last=max(known).isoformat(),
            days=terms.recycle_after_days,
        ),
    )


def expiry(*, expires_on: date | None, activated_on: date | None, validity_days: int | None) -> Dated | None:
    """Return the last day a card is valid: the one on record, else activation plus the plan's validity (R15)."""
    if expires_on is not None:
        return Dated(expires_on, _("This day is on the card's record."))
    if activated_on is None or validity_days is None:
        return None
    return Dated(
        activated_on + timedelta(days=validity_days),
        format_lazy(
            _("Activated on {start} and valid for {days} days."), start=activated_on.isoformat(), days=validity_days
        ),
    )


def penalty(*, fixed: Decimal, share: Decimal, monthly_fee: Decimal, ends_on: date | None, leaves_on: date) -> Penalty:
    """Return what leaving a contract costs: the fixed part, and a share of the monthly fees left (R103).

    `share` is 0 to 1; a started month counts whole. Nothing is due once the term is over.
    """
    months = months_left(ends_on, leaves_on)
    if not months:
        return Penalty(amount=ZERO, months_left=0, why=_("The contract term is over; leaving costs nothing."))
    amount = to_fen(fixed + share * monthly_fee * months)
    why = format_lazy(
        _("CNY {fixed} fixed, and {share} percent of CNY {fee} a month for {months} months left."),
        fixed=to_fen(fixed),
        share=f"{share * 100:f}".rstrip("0").rstrip(".") if share else "0",
        fee=to_fen(monthly_fee),
        months=months,
    )
    return Penalty(amount=amount, months_left=months, why=why)


def months_left(ends_on: date | None, leaves_on: date) -> int:
    """Return the started months from a day until a contract's last day; 0 when it is open-ended or over."""
    if ends_on is None or ends_on < leaves_on:
        return 0
    after = ends_on + timedelta(days=1)
    months = (after.year - leaves_on.year) * 12 + after.month - leaves_on.month
    return months + (after.day > leaves_on.day)
