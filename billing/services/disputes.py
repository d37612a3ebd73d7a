"""Complaints to a carrier about a bill: opened with a term, closed with what the carrier answered."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from billing.choices import BillState, DifferenceState, DisputeState, EntryKind
from billing.errors import CreditWrong, DisputeClosed, NothingChosen
from billing.messages import BILL_DUE, DISPUTE_OVERDUE
from billing.models import Bill, BillDifference, Dispute
from billing.rules.complaint_term import answer_due
from billing.services import ledger
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.money import ZERO, split
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many

if TYPE_CHECKING:
    from django.core.files.base import File

DISPUTABLE = frozenset({DifferenceState.OPEN, DifferenceState.ACCEPTED})
PURPOSE = "dispute_replies"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a carrier answered, when; `credited` is CNY, counted only where a part was granted."""

    outcome: DisputeState
    answered_on: date
    reply: str
    credited: Decimal = ZERO
    file: "File[Any] | None" = None


@transaction.atomic
def open_dispute(
    *,
    bill: Bill,
    differences: Collection[int],
    reason: str,
    sent_on: date,
    is_working: Callable[[date], bool],
    actor: User,
    now: datetime,
) -> Dispute:
    """Complain about some differences of a bill; the carrier's term runs from the day it is sent.

    `is_working` tells the days that count in it. Raises NothingChosen unless one of them is too high and neither
    disputed nor settled.
    """
    locked = Bill.objects.locked().select_related("account").get(pk=bill.pk)
    rows = locked.differences.select_for_update().filter(pk__in=differences, state__in=DISPUTABLE, amount__gt=0)
    chosen = list(rows)
    if not chosen or locked.state == BillState.WITHDRAWN:
        raise NothingChosen
    dispute = Dispute.objects.create(
        account=locked.account,
        month=locked.month,
        amount=sum((one.amount for one in chosen), ZERO),
        reason=reason,
        sent_on=sent_on,
        due_on=answer_due(sent_on, is_working=is_working),
        opened_at=now,
        opened_by=actor,
    )
    BillDifference.objects.filter(pk__in=[one.pk for one in chosen]).update(
        state=DifferenceState.DISPUTED, dispute=dispute
    )
    data = {"amount": str(dispute.amount), "due_on": dispute.due_on.isoformat()}
    record(
        actor=actor,
        action="billing.dispute_opened",
        subject=dispute,
        related=(locked.account, locked),
        reason=reason,
        now=now,
        data=data,
    )
    return dispute


@transaction.atomic
def close_dispute(*, dispute: Dispute, answer: Answer, actor: User, now: datetime) -> Dispute:
    """Record the carrier's answer, or that the complaint is withdrawn; a credit is posted on the account by card.

    Raises DisputeClosed, and CreditWrong where a part granted is nothing or more than was claimed.
    """
    locked = Dispute.objects.locked().select_related("account").get(pk=dispute.pk)
    if locked.state != DisputeState.OPEN:
        raise DisputeClosed
    locked.credited = _credited(locked, answer)
    if answer.file:
        name = answer.file.name or ""
        locked.reply_file = store(content=answer.file, name=name, purpose=PURPOSE, owner=actor, now=now, subject=locked)
    locked.state, locked.answered_on, locked.reply = answer.outcome, answer.answered_on, answer.reply
    locked.closed_at = now
    locked.save(update_fields=["state", "credited", "answered_on", "reply", "reply_file", "closed_at"])
    _post_credit(locked, actor=actor, now=now)
    is_withdrawn = answer.outcome == DisputeState.WITHDRAWN
    locked.differences.filter(state=DifferenceState.DISPUTED).update(
        state=DifferenceState.OPEN if is_withdrawn else DifferenceState.SETTLED
    )
    data = {"outcome": answer.outcome, "credited": str(locked.credited)}
    record(
        actor=actor,
        action="billing.dispute_closed",
        subject=locked,
        related=(locked.account,),
        reason=answer.reply,
        now=now,
        data=data,
    )
    return locked


@transaction.atomic
def remind_of_bills(*, today: date, now: datetime) -> dict[str, int]:
    """Tell who settles bills, once each, what a carrier has not answered in its term and what is to be paid today."""
    overdue = list(Dispute.objects.overdue(today).filter(reminded_at=None).select_related("account__carrier"))
    due = list(Bill.objects.unpaid().filter(due_on__lte=today).select_related("account__carrier"))
    people = list(User.objects.with_right("billing.settle_bill").order_by("pk")) if overdue or due else []
    tellings = [
        Telling(
            user=person,
            code=DISPUTE_OVERDUE,
            params={
                "carrier": one.account.carrier.name,
                "amount": str(one.amount),
                "due_on": one.due_on.isoformat(),
            },
            key=f"dispute-overdue:{one.pk}",
            url=url_or_empty("billing:dispute", one.pk),
        )
        for one in overdue
        for person in people
    ]
    tellings += [
        Telling(
            user=person,
            code=BILL_DUE,
            params={"carrier": one.account.carrier.name, "account": one.account.code, "amount": str(one.total)},
            key=f"bill-due:{one.pk}",
            url=url_or_empty("billing:bill", one.pk),
        )
        for one in due
        for person in people
    ]
    tell_many(tellings=tellings, now=now)
    Dispute.objects.filter(pk__in=[one.pk for one in overdue]).update(reminded_at=now)
    return {"overdue": len(overdue), "due": len(due)}


def _credited(dispute: Dispute, answer: Answer) -> Decimal:
    claimed: Decimal = dispute.amount
    if answer.outcome == DisputeState.CREDITED:
        return claimed
    if answer.outcome != DisputeState.PARTLY:
        return ZERO
    if not ZERO < answer.credited <= claimed:
        raise CreditWrong
    return answer.credited


def _post_credit(dispute: Dispute, *, actor: User, now: datetime) -> None:
    """Post what was granted on the cards it was claimed for, each by its part of the claim.

    Where no difference stands to tell them, it is the account's.
    """
    if not dispute.credited:
        return
    claimed: defaultdict[int | None, Decimal] = defaultdict(lambda: ZERO)
    for card, amount in dispute.differences.values_list("card", "amount"):
        claimed[card] += amount
    if not claimed:
        claimed[None] = dispute.amount
    parts = split(dispute.credited, list(claimed.values()))
    postings = [
        ledger.Posting(
            account_id=dispute.account_id,
            card_id=card,
            amount=part,
            at=now,
            month=month_start(business_day(now)),
            key=f"{dispute.credit_key}{card or 0}",
        )
        for card, part in zip(claimed, parts, strict=True)
        if part
    ]
    ledger.post_many(kind=EntryKind.ADJUSTMENT, postings=postings, actor=actor, now=now)
