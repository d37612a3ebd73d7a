"""Accounts at carriers: one a card, or one shared by many (集团统付)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from billing.choices import AccountKind, EntryKind
from billing.models import Account, AccountCard
from billing.services import ledger
from billing.services.open_months import keep_open, refuse_closed
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.money import ZERO
from cards.choices import Payment
from cards.models import Card, Carrier

EDITABLE = frozenset({"payment", "credit_limit"})

# A card that left a shared account gets one of its own from the day it left.
# The planner takes what a statement itself inserted for a row or two, so each account finds its card by the index.
OPEN = """
WITH account AS (
    INSERT INTO billing_account (kind, carrier_id, code, payment, credit_limit, balance, opened_at)
    SELECT 'card', c.carrier_id, 'card-' || c.id, coalesce(p.payment, 'prepaid'), coalesce(p.credit_limit, 0), 0,
        %(now)s
    FROM cards_card c LEFT JOIN cards_rateplan p ON p.id = c.plan_id
    WHERE c.id = ANY(%(cards)s)
      AND NOT EXISTS (SELECT 1 FROM billing_accountcard a WHERE a.card_id = c.id AND a.ends_on IS NULL)
    ORDER BY c.id
    ON CONFLICT (carrier_id, code) DO UPDATE SET code = EXCLUDED.code
    RETURNING id, substr(code, 6)::bigint AS card_id
), member AS (
    INSERT INTO billing_accountcard (account_id, card_id, starts_on)
    SELECT account.id, c.id,
        coalesce((SELECT max(ends_on) FROM billing_accountcard b WHERE b.card_id = c.id),
                 c.activated_on, c.received_on, (c.created_at AT TIME ZONE 'Asia/Shanghai')::date)
    FROM account JOIN cards_card c ON c.id = account.card_id
    ON CONFLICT (card_id) WHERE ends_on IS NULL DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM member
"""


@transaction.atomic
def open_accounts(*, card_ids: Collection[int], actor: User | None, now: datetime) -> int:
    """Give each card that no account pays for one of its own, on its plan's terms; return how many were opened."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"cards": list(card_ids), "now": now})
        opened = int(cursor.fetchone()[0])
    if opened:
        record(
            actor=actor,
            action="billing.accounts_opened",
            subject="billing.account:many",
            now=now,
            data={"accounts": opened},
        )
    return opened


@transaction.atomic
def open_shared_account(
    *,
    carrier: Carrier,
    code: str,
    payment: Payment,
    credit_limit: Decimal,
    actor: User | None,
    now: datetime,
) -> Account:
    """Open an account that may pay for many cards."""
    account = Account.objects.create(
        kind=AccountKind.SHARED,
        carrier=carrier,
        code=code,
        payment=payment,
        credit_limit=credit_limit,
        opened_at=now,
    )
    record(actor=actor, action="billing.accounts_opened", subject=account, now=now, data={"code": code})
    return account


@transaction.atomic
def move_cards(*, account: Account, cards: Collection[Card], on: date, actor: User | None, now: datetime) -> int:
    """Let an account pay for cards from a day on; return how many moved. What was paid before stays where it is.

    Raises MonthClosed where the day lies in a closed month: what a shared account cost is split by its cards' days.
    """
    keep_open()
    refuse_closed(on)
    locked = list(Card.objects.locked().filter(pk__in=[card.pk for card in cards]))
    moving = [card for card in locked if not AccountCard.objects.current().filter(account=account, card=card).exists()]
    present = AccountCard.objects.filter(card__in=moving)
    present.filter(starts_on__gte=on).delete()
    present.filter(ends_on__isnull=True).update(ends_on=on)
    AccountCard.objects.bulk_create(AccountCard(account=account, card=card, starts_on=on) for card in moving)
    record(
        actor=actor,
        action="billing.cards_moved",
        subject=account,
        related=tuple(moving),
        now=now,
        data={"on": on.isoformat()},
    )
    return len(moving)


@transaction.atomic
def edit_account(
    *, account: Account, changes: Mapping[str, Decimal | str], actor: User | None, now: datetime
) -> Account:
    """Change how an account is paid or how much credit it has; other facts of an account are not edited (KeyError)."""
    if unknown := changes.keys() - EDITABLE:
        raise KeyError(f"not editable here: {', '.join(sorted(unknown))}")
    locked = Account.objects.locked().get(pk=account.pk)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=sorted(changes))
    data = {name: str(value) for name, value in changes.items()}
    record(actor=actor, action="billing.account_edited", subject=locked, now=now, data=data)
    return locked


@transaction.atomic
def take_over_balances(
    *, balances: Mapping[int, Decimal], at: datetime, actor: User | None, now: datetime, reason: str
) -> int:
    """Open the accounts of cards taken over with what each holds (card id to CNY); a second run adds nothing.

    A card in a shared account is left out: its balance is the account's.
    """
    open_accounts(card_ids=balances, actor=actor, now=now)
    own = AccountCard.objects.current().filter(card__in=balances, account__kind=AccountKind.CARD)
    postings = [
        ledger.Posting(
            account_id=account_id,
            card_id=card_id,
            amount=balances[card_id],
            at=at,
            month=business_day(at).replace(day=1),
            key=f"opening:{account_id}",
        )
        for account_id, card_id in own.values_list("account_id", "card_id").order_by("account")
        if balances[card_id] != ZERO
    ]
    posted = ledger.post_many(kind=EntryKind.OPENING, postings=postings, actor=actor, now=now)
    if posted.entries:
        data = {"entries": posted.entries, "amount": str(posted.amount)}
        record(
            actor=actor,
            action="billing.entry_posted",
            subject="billing.account:many",
            reason=reason,
            now=now,
            data=data,
        )
    return posted.entries
