"""The check of bills against details and our own rating; may run again while a bill is not accepted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from billing.choices import BillItem, BillState, DifferenceState
from billing.errors import BillSettled
from billing.models import Bill, BillDifference, BillLine
from billing.rules.bill_check import Billed, CardSide, Difference, check_account, check_card, check_total, too_much
from billing.rules.bill_late_fee import Owed, check_late_fee
from billing.selectors.bill_sides import owed_before, sides_of
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import next_month
from cardfleet.kernel.money import ZERO

Key = tuple[int | None, str]


@transaction.atomic
def check_bills(*, bills: Sequence[Bill], now: datetime) -> int:
    """Check bills of one month; return how many differences are open. What was disputed or accepted stays as it is."""
    if not bills:
        return 0
    lines: defaultdict[int, list[BillLine]] = defaultdict(list)
    for line in BillLine.objects.filter(bill__in=bills).order_by("line", "id"):
        lines[line.bill_id].append(line)
    month = bills[0].month
    sides = sides_of(_voice(line for own in lines.values() for line in own), month)
    owed = owed_before(bills, month)
    kept = BillDifference.objects.filter(bill__in=bills).exclude(state=DifferenceState.OPEN)
    settled = {_identity(one) for one in kept}
    BillDifference.objects.filter(bill__in=bills, state=DifferenceState.OPEN).delete()
    found = []
    for bill in bills:
        bill.checked_at = now
        found += _check(bill, lines[bill.pk], sides, owed.get(bill.account_id))
    new = [one for one in found if _identity(one) not in settled]
    BillDifference.objects.bulk_create(new, batch_size=2000)
    Bill.objects.bulk_update(bills, ["checked_at", "expected"], batch_size=1000)
    return len(new)


@transaction.atomic
def check_again(*, bill: Bill, actor: User, now: datetime) -> int:
    """Check a bill anew, after details or prices came in; return how many differences are open. BillSettled."""
    locked = Bill.objects.locked().get(pk=bill.pk)
    if locked.state != BillState.CHECKED:
        raise BillSettled
    found = check_bills(bills=[locked], now=now)
    data = {"open_differences": found}
    record(actor=actor, action="billing.bill_checked", subject=locked, related=(locked.account,), now=now, data=data)
    return found


def _voice(lines: Iterable[BillLine]) -> dict[int, Decimal]:
    """Return what is billed for calls by card id; every card of the lines is there."""
    sums: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.card_id:
            sums[line.card_id] += line.amount if line.item == BillItem.VOICE else ZERO
    return dict(sums)


def _check(
    bill: Bill, lines: Sequence[BillLine], sides: dict[int, CardSide], owed: Sequence[Owed] | None
) -> list[BillDifference]:
    own: defaultdict[Key, list[Billed]] = defaultdict(list)
    for line in lines:
        own[line.card_id, line.number].append(_billed(line))
    by_card = [(key, _wrong_with(key, billed, sides, bill)) for key, billed in own.items()]
    billed_lines = [line for billed in own.values() for line in billed]
    until = bill.issued_on or next_month(bill.month) - timedelta(days=1)
    whole = [*check_total(bill.total, own.values()), *check_late_fee(billed_lines, owed, since=bill.month, until=until)]
    bill.expected = bill.total - too_much([*whole, *(one for _key, found in by_card for one in found)])
    return [_row(bill, key, one) for key, found in [((None, ""), whole), *by_card] for one in found]


def _wrong_with(key: Key, lines: Sequence[Billed], sides: dict[int, CardSide], bill: Bill) -> list[Difference]:
    card, number = key
    if not number:
        return check_account(lines, bill.month)
    return check_card(lines, sides[card] if card else None, bill.month)


def _billed(line: BillLine) -> Billed:
    return Billed(item=BillItem(line.item), text=line.text, amount=line.amount, month=line.month, stated=line.stated)


def _row(bill: Bill, key: Key, one: Difference) -> BillDifference:
    card, number = key
    return BillDifference(
        bill=bill,
        card_id=card,
        number=number,
        item=one.item or "",
        kind=one.kind,
        billed=one.billed,
        detail=one.detail,
        expected=one.expected,
        amount=one.amount,
        evidence=dict(one.evidence),
    )


def _identity(one: BillDifference) -> tuple[object, ...]:
    return one.bill_id, one.card_id, one.number, one.item, one.kind, one.billed, one.amount, str(one.evidence)
