"""The ledger: the only way money is entered. Append-only; a cached balance is kept in the same transaction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from billing.choices import EntryKind
from billing.errors import AlreadyReversed, CardPaidByAnother, KeyReused, MonthClosed, NotReversible, WrongAmount
from billing.models import Account, AccountCard, LedgerEntry, Transfer, UsageBatch
from billing.selectors.closing import open_month_for
from billing.services.accepted_bills import HELD, NOT_HELD, tell_differences
from billing.services.open_months import keep_open
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.money import ZERO, to_fen
from cards.models import Card

LARGEST = Decimal("99999999.99")
DERIVED = frozenset({EntryKind.REVERSAL, EntryKind.USAGE, EntryKind.TRANSFER})
BELOW_ZERO = frozenset({EntryKind.OTHER_CHARGE, EntryKind.LATE_FEE, EntryKind.PENALTY})

INSERT_MANY = """
WITH closed AS (
    SELECT max(month) AS until FROM billing_closedmonth
), posted AS (
    INSERT INTO billing_ledgerentry (account_id, card_id, kind, amount, at, month, of_month, posted_at, key,
        reference, note, batch_id, transfer_id, actor_id)
    SELECT account, card, %(kind)s, amount, at, greatest(month, (closed.until + interval '1 month')::date),
        CASE WHEN month <= closed.until THEN month END, %(now)s, key, %(reference)s, '', %(batch)s, %(transfer)s,
        %(actor)s
    FROM closed, {postings}
    ON CONFLICT (key) DO NOTHING
    RETURNING id, account_id, card_id, amount, at, month, of_month
), held AS ({held}), added AS (
    SELECT account_id, amount FROM posted UNION ALL SELECT account_id, amount FROM held
), moved AS (
    UPDATE billing_account SET balance = balance + sums.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM added GROUP BY account_id) AS sums
    WHERE billing_account.id = sums.account_id
)
SELECT count(*), coalesce(sum(amount), 0), (SELECT array_agg(DISTINCT bill_id) FROM held) FROM added
"""
GIVEN = """unnest(%(accounts)s::bigint[], %(cards)s::bigint[], %(amounts)s::numeric[], %(ats)s::timestamptz[],
    %(months)s::date[], %(keys)s::text[]) AS given(account, card, amount, at, month, key)"""
LOCK = """
SELECT count(*) FROM (
    SELECT FROM billing_account WHERE id IN (SELECT account FROM {postings}) ORDER BY id FOR UPDATE
) locked
"""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One entry of a set. `amount` is CNY, charges negative; `key` makes it exist once however often it is posted."""

    account_id: int
    card_id: int | None
    amount: Decimal
    at: datetime
    month: date
    key: str


@dataclass(frozen=True)
class Posted:
    """What a set of postings added: entries that were new, and their sum in CNY."""

    entries: int
    amount: Decimal


@transaction.atomic
def post(
    *,
    account: Account,
    kind: EntryKind,
    amount: Decimal,
    actor: User | None,
    now: datetime,
    card: Card | None = None,
    at: datetime | None = None,
    month: date | None = None,
    reference: str = "",
    note: str = "",
    key: str = "",
    is_late: bool = False,
) -> LedgerEntry:
    """Post a signed amount (CNY) on an account and return the entry; the same key again returns the first entry.

    What `is_late` and of a closed month counts in the first open one. Raises WrongAmount where sign or size does not
    fit the kind, CardPaidByAnother, KeyReused, MonthClosed.
    """
    keep_open()
    amount = _checked(kind, amount)
    locked = Account.objects.locked().get(pk=account.pk)
    if known := LedgerEntry.objects.filter(key=key).first() if key else None:
        return _same(known, locked, kind, amount)
    if card and not AccountCard.objects.filter(account=locked, card=card).exists():
        raise CardPaidByAnother
    moment = at or now
    about = month_start(month or business_day(moment))
    counted = open_month_for(about)
    if counted != about and not is_late:
        raise MonthClosed
    entry = LedgerEntry(
        account=locked,
        card=card,
        kind=kind,
        amount=amount,
        at=moment,
        month=counted,
        of_month=about if about != counted else None,
        posted_at=now,
        key=key or f"manual:{uuid.uuid4()}",
        reference=reference,
        note=note,
        actor=actor,
    )
    if known := _first_by_key(entry):
        return _same(known, locked, kind, amount)
    _move_balance(locked, amount)
    record(
        actor=actor,
        action="billing.entry_posted",
        subject=entry,
        related=(locked, card) if card else (locked,),
        reason=note,
        now=now,
        data={"kind": kind, "amount": str(amount)},
    )
    return entry


def _first_by_key(entry: LedgerEntry) -> LedgerEntry | None:
    """Store an entry; where another account was given its key meanwhile, return that one instead."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        if first := LedgerEntry.objects.filter(key=entry.key).first():
            return first
        raise
    return None


def top_up(
    *, account: Account, amount: Decimal, actor: User | None, now: datetime, card: Card | None = None, **details: Any
) -> LedgerEntry:
    """Post money paid in (R28); `details` are `reference`, `note` and `key` of `post`."""
    return post(account=account, kind=EntryKind.TOP_UP, amount=amount, actor=actor, now=now, card=card, **details)


def charge(
    *,
    account: Account,
    amount: Decimal,
    actor: User | None,
    now: datetime,
    kind: EntryKind = EntryKind.OTHER_CHARGE,
    card: Card | None = None,
    **details: Any,
) -> LedgerEntry:
    """Post a charge of a kind, none of calls or monthly fees; `amount` is what it cost, above zero (WrongAmount)."""
    if amount < ZERO:
        raise WrongAmount
    return post(account=account, kind=kind, amount=-amount, actor=actor, now=now, card=card, **details)


@transaction.atomic
def reverse(*, entry: LedgerEntry, note: str, actor: User | None, now: datetime) -> LedgerEntry:
    """Take an entry back by a further row in its own month, or the first open one; the entry stays (invariant 4).

    Raises NotReversible for a reversal or an entry reckoned from call records, AlreadyReversed for a second one.
    """
    keep_open()
    account = Account.objects.locked().get(pk=entry.account_id)
    if entry.kind in DERIVED:
        raise NotReversible
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed
    counted = open_month_for(entry.month)
    reversal = LedgerEntry.objects.create(
        account=account,
        card_id=entry.card_id,
        kind=EntryKind.REVERSAL,
        amount=-entry.amount,
        at=entry.at,
        month=counted,
        of_month=entry.of_month or (entry.month if entry.month != counted else None),
        posted_at=now,
        key=f"reversal:{entry.pk}",
        reference=entry.reference,
        note=note,
        reverses=entry,
        actor=actor,
    )
    _move_balance(account, reversal.amount)
    record(
        actor=actor,
        action="billing.entry_reversed",
        subject=entry,
        related=(account,),
        reason=note,
        now=now,
        data={"amount": str(reversal.amount), "reversal": reversal.pk},
    )
    return reversal


@transaction.atomic
def post_many(
    *,
    kind: EntryKind,
    postings: Sequence[Posting],
    actor: User | None,
    now: datetime,
    batch: UsageBatch | None = None,
    transfer: Transfer | None = None,
    is_reckoned: bool = False,
) -> Posted:
    """Post many entries of one kind in one statement; keys already there add nothing. The caller journals the set.

    What is of a closed month counts in the first open one, and says which month it is about. What `is_reckoned` by
    ourselves is held to the bill where the bill of its account and month was accepted (`accepted_bills`).
    """
    columns: dict[str, Any] = {
        "accounts": [posting.account_id for posting in postings],
        "cards": [posting.card_id for posting in postings],
        "amounts": [_checked(kind, posting.amount) for posting in postings],
        "ats": [posting.at for posting in postings],
        "months": [posting.month for posting in postings],
        "keys": [posting.key for posting in postings],
    }
    return post_rows(
        GIVEN,
        kind=kind,
        actor=actor,
        now=now,
        batch=batch,
        transfer=transfer,
        is_reckoned=is_reckoned,
        parameters=columns,
    )


@transaction.atomic
def post_rows(
    postings: str,
    *,
    kind: EntryKind,
    actor: User | None,
    now: datetime,
    batch: UsageBatch | None = None,
    transfer: Transfer | None = None,
    is_reckoned: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Posted:
    """Post the rows of a table, or of what SQL gives, with the columns of `Posting`; as `post_many`, unchecked."""
    whole: dict[str, Any] = {
        "kind": kind,
        "now": now,
        "batch": batch.pk if batch else None,
        "transfer": transfer.pk if transfer else None,
        "reference": transfer.reference if transfer else "",
        "actor": actor.pk if actor else None,
    }
    keep_open()
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(postings=postings), parameters)
        insert = INSERT_MANY.format(postings=postings, held=HELD if is_reckoned else NOT_HELD)
        cursor.execute(insert, {**(parameters or {}), **whole})
        entries, amount, held_to = cursor.fetchone()
    if held_to:
        tell_differences(bills=held_to)
    return Posted(entries, amount)


def _checked(kind: EntryKind, amount: Decimal) -> Decimal:
    amount = to_fen(amount)
    wrong_side = (kind == EntryKind.TOP_UP and amount < ZERO) or (kind in BELOW_ZERO and amount > ZERO)
    if amount == ZERO or abs(amount) > LARGEST or wrong_side:
        raise WrongAmount
    return amount


def _same(known: LedgerEntry, account: Account, kind: EntryKind, amount: Decimal) -> LedgerEntry:
    if (known.account_id, known.kind, known.amount) != (account.pk, kind, amount):
        raise KeyReused
    return known


def _move_balance(account: Account, amount: Decimal) -> None:
    account.balance += amount
    account.save(update_fields=["balance"])
