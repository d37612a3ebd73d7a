"""Bills out of a statement: lines resolved to cards, one bill an account, each checked at once (R27, R82)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from billing.choices import BillItem, BillState, DifferenceState, StatementState
from billing.errors import BillDisputed, BillSettled, NothingBilled
from billing.importers.bills import ReadRow, ReadStatement
from billing.models import Account, AccountCard, Bill, BillLine, BillStatement
from billing.services.accounts import open_accounts
from billing.services.bill_checking import check_bills
from billing.services.bill_files import read_again
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import next_month
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO
from cards.choices import ENDED
from cards.models import Card

STATED = "合计"


@dataclass(frozen=True)
class Placed:
    """A row with its card (None: no card has or had the number, or it names none) and the account it is billed to."""

    row: ReadRow
    card: int | None
    account: int


@dataclass(frozen=True)
class Brought:
    """What a statement brought: its bills, and the rows that were not taken over."""

    bills: Sequence[Bill]
    refused: Sequence[Reason]


@transaction.atomic
def store_bills(*, statement: BillStatement, actor: User | None, now: datetime) -> Brought:
    """Store the bills of a statement and check them. NothingBilled where no row can be taken over.

    Rows that cannot be read or belong to no account come back refused; a bill that is there already is left.
    """
    locked = BillStatement.objects.locked().select_related("carrier", "account", "file").get(pk=statement.pk)
    if locked.state == StatementState.STORED:
        return Brought(list(locked.bills.all()), [])
    read = read_again(locked)
    placed, refused = _place(read, locked, actor=actor, now=now)
    if not placed:
        raise NothingBilled(reasons=[*read.refused, *refused][:50])
    bills = _store(placed, read, locked)
    locked.state = StatementState.STORED
    locked.rows_read = len(read.rows) + len(read.refused)
    locked.rows_refused = len(read.refused) + len(refused)
    locked.save(update_fields=["state", "rows_read", "rows_refused"])
    check_bills(bills=bills, now=now)
    record(
        actor=actor,
        action="billing.bills_imported",
        subject=locked,
        related=(locked.account,) if locked.account else (),
        now=now,
        data={"month": f"{locked.month:%Y-%m}", "bills": len(bills), "rows_refused": locked.rows_refused},
    )
    return Brought(bills, sorted([*read.refused, *refused], key=lambda reason: reason.line or 0))


@transaction.atomic
def fail_statement(*, statement: BillStatement) -> None:
    """Let a statement wait again after its import was refused as a whole."""
    BillStatement.objects.filter(pk=statement.pk, state=StatementState.PENDING).update(state=StatementState.FAILED)


@transaction.atomic
def withdraw_bill(*, bill: Bill, actor: User, now: datetime) -> Bill:
    """Take back a bill that was imported by mistake; its file may come again once all its bills are taken back.

    Raises BillSettled for an accepted one, BillDisputed where a dispute names it.
    """
    locked = Bill.objects.locked().select_related("statement").get(pk=bill.pk)
    if locked.state != BillState.CHECKED:
        raise BillSettled
    if locked.differences.filter(state=DifferenceState.DISPUTED).exists():
        raise BillDisputed
    locked.state = BillState.WITHDRAWN
    locked.save(update_fields=["state"])
    if not locked.statement.bills.standing().exists():
        locked.statement.state = StatementState.PUT_AWAY
        locked.statement.save(update_fields=["state"])
    record(actor=actor, action="billing.bill_withdrawn", subject=locked, related=(locked.account,), now=now)
    return locked


def cards_by_number(numbers: Iterable[str]) -> dict[str, int]:
    """Return the card of each number: the one that has it now, else the last that had it."""
    live_last = Case(When(service_state__in=ENDED, then=Value(0)), default=Value(1))
    cards = Card.objects.filter(msisdn__in=set(numbers) - {""}).order_by(live_last, "service_since", "id")
    return dict(cards.values_list("msisdn", "pk"))


def _place(
    read: ReadStatement, statement: BillStatement, *, actor: User | None, now: datetime
) -> tuple[list[Placed], list[Reason]]:
    """Give each row its card and account, or the reason why it has none."""
    cards = cards_by_number(row.number for row in read.rows)
    if statement.account:
        return _placed_in(statement.account, read.rows, cards, statement.month)
    open_accounts(card_ids=set(cards.values()), actor=actor, now=now)
    payers = _payers(set(cards.values()), statement.month)
    taken = dict(
        Bill.objects.standing().filter(account__in=payers.values(), month=statement.month).values_list("account", "pk")
    )
    placed, refused = [], []
    for row in read.rows:
        account = payers.get(cards.get(row.number, 0))
        if reason := _not_placed(row, account, taken, statement.month):
            refused.append(reason)
        elif account:
            placed.append(Placed(row, cards[row.number], account))
    return placed, refused


def _placed_in(
    account: Account, rows: Sequence[ReadRow], cards: dict[str, int], month: date
) -> tuple[list[Placed], list[Reason]]:
    """Give every row to a shared account, those that name no card too; whose number is nobody's the check says."""
    known = Bill.objects.standing().filter(account=account, month=month).first()
    if known:
        return [], [_known(row, known.pk) for row in rows]
    ahead = [row for row in rows if row.month and row.month > month]
    placed = [Placed(row, cards.get(row.number), account.pk) for row in rows if row not in ahead]
    return placed, [_ahead(row) for row in ahead]


def _not_placed(row: ReadRow, account: int | None, taken: dict[int, int], month: date) -> Reason | None:
    if not row.number:
        message = _("The row names no card: it is of a whole account. Choose the shared account the bill is of.")
        return Reason(code="number_missing", message=message, line=row.line, column="msisdn")
    if account is None:
        message = _("No card has this number. Import the card, or choose the shared account the bill is of.")
        return Reason(code="unknown_card", message=message, line=row.line, column="msisdn", value=row.number)
    if row.month and row.month > month:
        return _ahead(row)
    return _known(row, taken[account]) if account in taken else None


def _known(row: ReadRow, bill: int) -> Reason:
    message = _("A bill of this account and month is there already, number {bill}.").format(bill=bill)
    return Reason(code="bill_known", message=message, line=row.line, column="msisdn", value=row.number)


def _ahead(row: ReadRow) -> Reason:
    message = _("The row is of a later month than the bill. Correct the month, or bring it with its own bill.")
    value = f"{row.month:%Y-%m}" if row.month else ""
    return Reason(code="wrong_month", message=message, line=row.line, column="month", value=value)


def _payers(cards: set[int], month: date) -> dict[int, int]:
    """Return the account that paid for each card last in a month, by card id."""
    members = AccountCard.objects.filter(card__in=cards, starts_on__lt=next_month(month)).order_by("starts_on")
    payers = dict(members.values_list("card", "account"))
    later = AccountCard.objects.current().filter(card__in=cards - payers.keys())
    return payers | dict(later.values_list("card", "account"))


def _store(placed: Sequence[Placed], read: ReadStatement, statement: BillStatement) -> list[Bill]:
    """Write a bill for each account with its lines."""
    rows: defaultdict[int, list[Placed]] = defaultdict(list)
    for one in placed:
        rows[one.account].append(one)
    accounts = Account.objects.select_related("carrier").in_bulk(list(rows))
    whole = statement.total if statement.total is not None else read.total
    bills = Bill.objects.bulk_create(
        Bill(
            statement=statement,
            account=accounts[account],
            month=statement.month,
            issued_on=statement.issued_on,
            due_on=statement.due_on or due_day(accounts[account], statement.month),
            previous_balance=read.before if len(rows) == 1 else None,
            total=whole if whole is not None and len(rows) == 1 else _sum(own),
        )
        for account, own in rows.items()
    )
    BillLine.objects.bulk_create(
        (line for bill in bills for one in rows[bill.account_id] for line in _lines(bill, one)), batch_size=2000
    )
    return bills


def due_day(account: Account, month: date) -> date:
    """Return until when a bill of a month is paid, by the carrier's terms: a day of the next month, or its end."""
    following = next_month(month)
    day = account.carrier.due_day
    return following.replace(day=day) if day else next_month(following) - timedelta(days=1)


def _sum(rows: Sequence[Placed]) -> Decimal:
    """Return what the rows of each number state as its total, else the sum of its items."""
    by_number: defaultdict[str, list[ReadRow]] = defaultdict(list)
    for one in rows:
        by_number[one.row.number].append(one.row)
    return sum((_stated_or_summed(own) for own in by_number.values()), ZERO)


def _stated_or_summed(rows: Sequence[ReadRow]) -> Decimal:
    stated = [row.total for row in rows if row.total is not None]
    return sum(stated, ZERO) if stated else sum((item.amount for row in rows for item in row.items), ZERO)


def _lines(bill: Bill, placed: Placed) -> Iterable[BillLine]:
    row = placed.row
    whole = {
        "bill": bill,
        "card_id": placed.card,
        "number": row.number,
        "month": row.month or bill.month,
        "line": row.line,
    }
    if not row.items:
        yield BillLine(**whole, item=BillItem.OTHER, text=STATED, amount=ZERO, stated=row.total)
    for place, item in enumerate(row.items):
        yield BillLine(
            **whole,
            item=item.item,
            text=item.text,
            amount=item.amount,
            quantity=item.quantity,
            stated=None if place else row.total,
        )
