"""Recording what people paid in outside CardFleet, and that it came; the ledger is posted once, on arrival (R28)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.choices import TopUpOrigin, TopUpRisk, TopUpState
from billing.errors import RiskReasonMissing, TopUpMoved, TopUpNotUsable
from billing.models import Account, LedgerEntry, TopUpRequest
from billing.rules.top_ups import is_discounted, is_slow, risk
from billing.selectors.closing import open_month_for
from billing.services import ledger
from billing.services.top_ups.asking import locked, related
from billing.services.top_ups.confirming import confirm_top_ups
from billing.services.top_ups.telling import tell_arrived, tell_risky
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import attach
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO, to_fen
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card

WAYS_AHEAD = (TopUpState.APPROVED, TopUpState.PAID)


@dataclass(frozen=True, kw_only=True)
class Payment:
    """What somebody paid: CNY `paid` for `face_value` on the account, by whom, where, when, under which reference."""

    paid: Decimal
    face_value: Decimal
    channel: str
    at: datetime
    payer: str = ""
    reference: str = ""
    file: StoredFile | None = None


@one_transaction
def record_payment(
    *, request_id: int, payment: Payment, risk_reason: str = "", actor: User | None, now: datetime
) -> TopUpRequest:
    """Record that an approved top-up was paid. A face value above what was paid by 3 % needs a reason.

    TopUpMoved, TopUpNotUsable, RiskReasonMissing.
    """
    asked = locked(request_id)
    if asked.state != TopUpState.APPROVED:
        raise TopUpMoved
    paid, face_value = to_fen(payment.paid), to_fen(payment.face_value)
    _refuse_payment(asked, paid, face_value, payment.at, now)
    asked.state = TopUpState.PAID
    asked.paid, asked.face_value, asked.paid_at = paid, face_value, payment.at
    asked.channel, asked.payer, asked.reference = payment.channel, payment.payer.strip(), payment.reference.strip()
    asked.file, asked.paid_by = payment.file, actor
    _judge(asked, reason=risk_reason, actor=actor, now=now)
    asked.save()
    if payment.file:
        attach(stored=payment.file, subject=asked)
    data = {"amount": str(face_value), "paid": str(paid), "channel": payment.channel}
    record(actor=actor, action="billing.top_up_paid", subject=asked, related=related(asked), now=now, data=data)
    return asked


@one_transaction
def record_arrival(
    *, request_id: int, arrived_at: datetime, risk_reason: str = "", actor: User | None, now: datetime
) -> TopUpRequest:
    """Record that the money is on the account, and post it. Later than a day after payment needs a reason.

    TopUpMoved, TopUpNotUsable, RiskReasonMissing.
    """
    asked = locked(request_id)
    if asked.state != TopUpState.PAID:
        raise TopUpMoved
    return _arrive(asked, arrived_at=arrived_at, risk_reason=risk_reason, key="", note="", actor=actor, now=now)


@one_transaction
def record_top_up(
    *,
    account: Account,
    card: Card | None = None,
    amount: Decimal,
    at: datetime | None = None,
    actor: User | None,
    now: datetime,
    key: str = "",
    reference: str = "",
    note: str = "",
) -> TopUpRequest:
    """Record at once what was paid and has come, `at` a moment, else now; without a card it is the account's.

    An approved or paid top-up of the card and amount is what came. The ledger counts it in the month of `now`. The same
    `key` again returns the first; without one each call is another. WrongAmount, RiskReasonMissing where the one that
    waits came late.
    """
    known = TopUpRequest.objects.filter(entry__key=key).first() if key else None
    if known:
        return known
    amount, moment = to_fen(amount), at or now
    waiting = TopUpRequest.objects.filter(account=account, card=card, state__in=WAYS_AHEAD, amount=amount)
    first = waiting.order_by("asked_at", "pk").first()
    if first is None:
        return _record_new(account, card, amount, moment, key, reference, note, actor=actor, now=now)
    if first.state == TopUpState.APPROVED:
        payment = Payment(paid=amount, face_value=amount, channel="", at=moment, reference=reference)
        record_payment(request_id=first.pk, payment=payment, actor=actor, now=now)
    asked = locked(first.pk)
    return _arrive(asked, arrived_at=moment, risk_reason="", key=key, note=note, actor=actor, now=now)


def _record_new(
    account: Account,
    card: Card | None,
    amount: Decimal,
    moment: datetime,
    key: str,
    reference: str,
    note: str,
    *,
    actor: User | None,
    now: datetime,
) -> TopUpRequest:
    entry = ledger.top_up(
        account=account,
        card=card,
        amount=amount,
        at=moment,
        month=business_day(now),
        key=key,
        reference=reference,
        note=note,
        actor=actor,
        now=now,
    )
    return TopUpRequest.objects.create(
        account=account,
        card=card,
        amount=amount,
        origin=TopUpOrigin.RECORDED,
        state=TopUpState.ARRIVED,
        asked_at=now,
        asked_by=actor,
        paid=amount,
        face_value=amount,
        reference=reference,
        reason=note[:200],
        paid_at=moment,
        paid_by=actor,
        arrived_at=moment,
        entry=entry,
    )


def _arrive(
    asked: TopUpRequest,
    *,
    arrived_at: datetime,
    risk_reason: str,
    key: str,
    note: str,
    actor: User | None,
    now: datetime,
) -> TopUpRequest:
    _refuse_arrival(asked, arrived_at, now)
    asked.arrived_at = arrived_at
    _judge(asked, reason=risk_reason, actor=actor, now=now)
    asked.entry = _post(asked, key=key or f"top-up:{asked.pk}", note=note, actor=actor, now=now)
    asked.state = TopUpState.ARRIVED
    asked.save()
    data = {"amount": str(asked.face_value)}
    record(actor=actor, action="billing.top_up_arrived", subject=asked, related=related(asked), now=now, data=data)
    tell_arrived(asked, now=now)
    confirm_top_ups(account_ids=[asked.account_id], now=now)
    asked.refresh_from_db()
    return asked


def _post(asked: TopUpRequest, *, key: str, note: str, actor: User | None, now: datetime) -> LedgerEntry:
    details: dict[str, Any] = {"reference": asked.reference, "note": note or asked.reason, "key": key}
    return ledger.top_up(
        account=asked.account,
        card=asked.card,
        amount=asked.face_value or asked.amount,
        at=asked.arrived_at,
        month=open_month_for(business_day(asked.arrived_at or now)),
        actor=actor,
        now=now,
        is_late=True,
        **details,
    )


def _judge(asked: TopUpRequest, *, reason: str, actor: User | None, now: datetime) -> None:
    """Keep what is suspicious, with the reason (RiskReasonMissing without one), and tell compliance of what is new."""
    discounted = asked.risk in (TopUpRisk.DISCOUNTED, TopUpRisk.BOTH)
    if asked.paid and asked.face_value:
        discounted = is_discounted(paid=asked.paid, face_value=asked.face_value)
    late = bool(asked.paid_at and asked.arrived_at and is_slow(paid_at=asked.paid_at, arrived_at=asked.arrived_at))
    found = risk(discounted=discounted, slow=late)
    if found == asked.risk:
        return
    if not reason.strip():
        raise RiskReasonMissing(reasons=[_suspicion(asked, discounted=discounted, late=late)])
    said = f"{asked.risk_reason} {reason.strip()}".strip()
    asked.risk, asked.risk_reason = found, said[:200]
    tell_risky(asked, by=actor, now=now)


def _suspicion(asked: TopUpRequest, *, discounted: bool, late: bool) -> Reason:
    if discounted and not late:
        message = _("The face value is above what was paid by more than 3 %.")
        return Reason(code="discounted", field="risk_reason", message=message, value=str(asked.face_value))
    message = _("The money came later than 24 hours after it was paid.")
    return Reason(code="slow", field="risk_reason", message=message)


def _refuse_payment(asked: TopUpRequest, paid: Decimal, face_value: Decimal, at: datetime, now: datetime) -> None:
    reasons = []
    if paid <= ZERO or face_value <= ZERO:
        reasons.append(Reason(code="amount", field="paid", message=_("Enter an amount above zero.")))
    if face_value > asked.amount:
        message = _("More than was approved. Ask for another top-up for the rest.")
        reasons.append(Reason(code="above_approved", field="face_value", message=message, value=str(face_value)))
    reasons += _ahead(at, now, field="paid_at")
    if reasons:
        raise TopUpNotUsable(reasons=reasons)


def _refuse_arrival(asked: TopUpRequest, arrived_at: datetime, now: datetime) -> None:
    reasons = _ahead(arrived_at, now, field="arrived_at")
    if asked.paid_at and arrived_at < asked.paid_at:
        message = _("It cannot have come before it was paid. Correct one of the times.")
        reasons.append(Reason(code="runs_backwards", field="arrived_at", message=message))
    if reasons:
        raise TopUpNotUsable(reasons=reasons)


def _ahead(at: datetime, now: datetime, *, field: str) -> list[Reason]:
    if at <= now:
        return []
    return [Reason(code="in_the_future", field=field, message=_("This time is still to come. Correct it."))]
