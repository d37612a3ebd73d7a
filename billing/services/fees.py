"""Monthly fees: once a card and month, whole for a month in which the card was in service on any day."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.choices import EntryKind
from billing.services import ledger
from billing.services.accounts import open_accounts
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import day_start, month_bounds, month_start, next_month

# Carriers charge the fee in the months of a stop and of a resumption, and none for whole months of it (domain.md,
# section 3). A card was in service in a month when it was so at its beginning or became so in its course.
SERVED = ["active", "half_stop"]
DUE = """
WITH change AS (
    SELECT card_id, from_state, to_state, at FROM cards_cardchange c
    WHERE axis = 'service' AND at >= %(starts)s AND reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM cards_cardchange taken_back WHERE taken_back.reverses_id = c.id)
), beginning AS (
    SELECT DISTINCT ON (card_id) card_id, from_state FROM change ORDER BY card_id, at
)
SELECT c.id, c.activated_on, price.monthly_fee
FROM cards_card c
LEFT JOIN beginning b ON b.card_id = c.id
JOIN LATERAL (
    SELECT monthly_fee FROM cards_planprice p
    WHERE p.plan_id = c.plan_id AND p.effective_from < %(end)s
        AND (p.effective_to IS NULL OR p.effective_to > %(month)s)
    ORDER BY p.effective_from LIMIT 1
) price ON price.monthly_fee > 0
WHERE (c.activated_on IS NULL OR c.activated_on < %(end)s)
    AND (coalesce(b.from_state, c.service_state) = ANY(%(served)s)
         OR EXISTS (SELECT 1 FROM change WHERE card_id = c.id AND to_state = ANY(%(served)s) AND at < %(ends)s))
ORDER BY c.id
"""
PAYERS = """
SELECT DISTINCT ON (card_id) card_id, account_id FROM billing_accountcard
WHERE card_id = ANY(%(cards)s) AND starts_on < %(end)s
ORDER BY card_id, starts_on DESC
"""


@transaction.atomic
def post_monthly_fees(*, month: date, actor: User | None, now: datetime) -> ledger.Posted:
    """Post the plan's fee for each card in service in the month of a day; a second run adds nothing.

    The price in force at the beginning of the month counts, the first of the month for a new plan.
    """
    first = month_start(month)
    starts, ends = month_bounds(first)
    due = _rows(DUE, {"month": first, "end": next_month(first), "starts": starts, "ends": ends, "served": SERVED})
    open_accounts(card_ids=[card for card, *_rest in due], actor=actor, now=now)
    payers: dict[int, int] = dict(_rows(PAYERS, {"cards": [card for card, *_rest in due], "end": next_month(first)}))
    postings = [
        ledger.Posting(
            account_id=payers[card],
            card_id=card,
            amount=-Decimal(fee),
            at=max(starts, day_start(activated)) if activated else starts,
            month=first,
            key=f"fee:{card}:{first:%Y-%m}",
        )
        for card, activated, fee in due
        if card in payers
    ]
    posted = ledger.post_many(kind=EntryKind.MONTHLY_FEE, postings=postings, actor=actor, now=now)
    if posted.entries:
        data = {"month": f"{first:%Y-%m}", "entries": posted.entries, "amount": str(posted.amount)}
        record(actor=actor, action="billing.fees_posted", subject="billing.account:many", now=now, data=data)
    return posted


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
