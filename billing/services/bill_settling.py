"""A bill accepted: the ledger is brought to what was billed. Reopened: that is taken back. Paid: how, when, by whom."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.choices import COST_KINDS, HELD_TO, BillItem, BillState, DifferenceKind, DifferenceState, EntryKind
from billing.errors import BillPaid, BillSettled, NotAcceptedYet
from billing.models import Account, Bill, LedgerEntry
from billing.services import ledger
from billing.services.reversals import reverse_many
from billing.services.top_ups.paying import record_top_up
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import day_start, month_bounds
from cardfleet.kernel.money import ZERO
from cards.choices import Payment

# What an item is posted as where the ledger has less of it. Calls and what a bill asks beyond them are one item.
POSTED_AS = {
    BillItem.MONTHLY_FEE: EntryKind.MONTHLY_FEE,
    BillItem.VOICE: EntryKind.OUT_OF_BUNDLE,
    BillItem.DATA: EntryKind.DATA,
    BillItem.SMS: EntryKind.SMS,
    BillItem.VALUE_ADDED: EntryKind.VALUE_ADDED,
    BillItem.AGENCY: EntryKind.OTHER_CHARGE,
    BillItem.MINIMUM: EntryKind.MINIMUM,
    BillItem.LATE_FEE: EntryKind.LATE_FEE,
    BillItem.DISCOUNT: EntryKind.ADJUSTMENT,
    BillItem.OTHER: EntryKind.OTHER_CHARGE,
}
GROUP_OF = {EntryKind.USAGE: EntryKind.OUT_OF_BUNDLE, EntryKind.PENALTY: EntryKind.OTHER_CHARGE}

# What the keys of the entries that bring the ledger to a bill begin with.
BILLED = "bill:"

Part = tuple[int | None, EntryKind]


@transaction.atomic
def accept_bill(*, bill: Bill, actor: User, now: datetime) -> ledger.Posted:
    """Accept a bill: differences not disputed are accepted, and what the ledger lacks or has beyond it is posted.

    After this the costs of account and month in the ledger are the bill's total, disputed amounts among them: a
    dispute that is won is credited by itself. A closed month takes nothing: then the first open one counts it.
    BillSettled.
    """
    account, locked = _locked(bill)
    if locked.state != BillState.CHECKED:
        raise BillSettled
    locked.differences.filter(state=DifferenceState.OPEN).update(state=DifferenceState.ACCEPTED)
    posted = _post(locked, account, actor=actor, now=now)
    locked.state, locked.accepted_at, locked.accepted_by = BillState.ACCEPTED, now, actor
    locked.save(update_fields=["state", "accepted_at", "accepted_by"])
    data = {"month": f"{locked.month:%Y-%m}", "entries": posted.entries, "amount": str(posted.amount)}
    record(actor=actor, action="billing.bill_accepted", subject=locked, related=(account,), now=now, data=data)
    return posted


@transaction.atomic
def leave_as_billed(*, bill: Bill, actor: User, now: datetime) -> int:
    """Accept what was told of an accepted bill since, nothing being posted; return how many differences that were.

    NotAcceptedYet; BillSettled where nothing is open.
    """
    account, locked = _locked(bill)
    if locked.state != BillState.ACCEPTED:
        raise NotAcceptedYet
    left = locked.differences.filter(state=DifferenceState.OPEN).update(state=DifferenceState.ACCEPTED)
    if not left:
        raise BillSettled
    data = {"differences_left": left}
    record(actor=actor, action="billing.bill_left", subject=locked, related=(account,), now=now, data=data)
    return left


@transaction.atomic
def reopen_bill(*, bill: Bill, reason: str, actor: User, now: datetime) -> ledger.Posted:
    """Take an acceptance back: what it posted is reversed, and our own reckoning counts again; return what was posted.

    What is or was in dispute stays so: the carrier answers by it. NotAcceptedYet, BillPaid.
    """
    account, locked = _locked(bill)
    if locked.state != BillState.ACCEPTED:
        raise NotAcceptedYet
    if locked.paid_on:
        raise BillPaid
    posted = _posted_by(locked, account, BILLED) | _posted_by(locked, account, HELD_TO)
    taken_back = reverse_many(entries=posted, actor=actor, now=now)
    locked.differences.filter(kind=DifferenceKind.RECKONED_SINCE, dispute=None).delete()
    locked.differences.filter(state=DifferenceState.ACCEPTED).update(state=DifferenceState.OPEN)
    locked.state, locked.accepted_at, locked.accepted_by = BillState.CHECKED, None, None
    locked.save(update_fields=["state", "accepted_at", "accepted_by"])
    data = {"month": f"{locked.month:%Y-%m}", "entries": taken_back.entries, "amount": str(taken_back.amount)}
    record(
        actor=actor,
        action="billing.bill_reopened",
        subject=locked,
        related=(account,),
        reason=reason,
        now=now,
        data=data,
    )
    return taken_back


@transaction.atomic
def record_payment(*, bill: Bill, amount: Decimal, paid_on: date, reference: str, actor: User, now: datetime) -> Bill:
    """Record that an accepted bill was paid; a postpaid account is credited with it. NotAcceptedYet, BillSettled."""
    account, locked = _locked(bill)
    if locked.state != BillState.ACCEPTED:
        raise NotAcceptedYet
    if locked.paid_on:
        raise BillSettled
    locked.paid, locked.paid_on, locked.paid_by, locked.payment_reference = amount, paid_on, actor, reference
    locked.save(update_fields=["paid", "paid_on", "paid_by", "payment_reference"])
    if account.payment == Payment.POSTPAID:
        record_top_up(
            account=account,
            amount=amount,
            at=day_start(paid_on),
            actor=actor,
            now=now,
            reference=reference,
            key=f"bill-paid:{locked.pk}",
        )
    data = {"amount": str(amount), "paid_on": paid_on.isoformat()}
    record(actor=actor, action="billing.bill_paid", subject=locked, related=(account,), now=now, data=data)
    return locked


def _locked(bill: Bill) -> tuple[Account, Bill]:
    """Lock a bill after its account, as what is posted beyond an accepted bill does (`accepted_bills`)."""
    account = Account.objects.locked().get(pk=bill.account_id)
    return account, Bill.objects.locked().get(pk=bill.pk)


def ledger_costs(account: Account, month: date) -> dict[Part, Decimal]:
    """Return what the ledger says an account cost in a month, by card and kind, CNY and charges positive."""
    entries = LedgerEntry.objects.filter(account=account).filter(
        Q(of_month=month) | Q(of_month__isnull=True, month=month)
    )
    kinds = entries.annotate(of=Coalesce(F("reverses__kind"), F("kind"))).filter(of__in=COST_KINDS)
    costs: defaultdict[Part, Decimal] = defaultdict(lambda: ZERO)
    for card, kind, amount in kinds.values("card", "of").annotate(sum=Sum("amount")).values_list("card", "of", "sum"):
        costs[card, GROUP_OF.get(kind, EntryKind(kind))] -= amount
    return dict(costs)


def _post(bill: Bill, account: Account, *, actor: User, now: datetime) -> ledger.Posted:
    """Post by card and kind what the bill has beyond the ledger."""
    gaps = _billed(bill)
    earlier = _posted_by(bill, account, BILLED).count()
    for part, cost in ledger_costs(account, bill.month).items():
        gaps[part] = gaps.get(part, ZERO) - cost
    by_kind: defaultdict[EntryKind, list[ledger.Posting]] = defaultdict(list)
    for kind, posting in _postings(bill, gaps, earlier):
        by_kind[kind].append(posting)
    entries, amount = 0, ZERO
    for kind, postings in by_kind.items():
        posted = ledger.post_many(kind=kind, postings=postings, actor=actor, now=now)
        entries, amount = entries + posted.entries, amount + posted.amount
    return ledger.Posted(entries, amount)


def _posted_by(bill: Bill, account: Account, prefix: str) -> QuerySet[LedgerEntry]:
    """Return what a bill posted on its account under keys that begin so, whether taken back since or not."""
    return LedgerEntry.objects.filter(account=account, key__startswith=f"{prefix}{bill.pk}:")


def _billed(bill: Bill) -> dict[Part, Decimal]:
    """Return what a bill asks by card and kind, and under no card what its items lack of its total."""
    billed: defaultdict[Part, Decimal] = defaultdict(lambda: ZERO)
    for card, item, amount in (
        bill.lines.values("card", "item").annotate(sum=Sum("amount")).values_list("card", "item", "sum")
    ):
        billed[card, POSTED_AS[BillItem(item)]] += amount
    if rest := bill.total - sum(billed.values(), ZERO):
        billed[None, EntryKind.OTHER_CHARGE] += rest
    return dict(billed)


def _postings(bill: Bill, gaps: Mapping[Part, Decimal], earlier: int) -> Iterator[tuple[EntryKind, ledger.Posting]]:
    """Yield what is posted; what the ledger has beyond the bill comes back as an adjustment.

    `earlier` is how many entries an acceptance that was taken back has left, so that the keys are new ones.
    """
    _start, end = month_bounds(bill.month)
    for (card, kind), gap in gaps.items():
        if gap:
            yield (
                kind if gap > ZERO else EntryKind.ADJUSTMENT,
                ledger.Posting(
                    account_id=bill.account_id,
                    card_id=card,
                    amount=-gap,
                    at=end - timedelta(seconds=1),
                    month=bill.month,
                    key=f"{BILLED}{bill.pk}:{card or 0}:{kind}:{earlier}",
                ),
            )
