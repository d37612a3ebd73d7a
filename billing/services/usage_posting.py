"""From charges of calls to the ledger: what the charges now say, less what was posted (decision 7)."""

from datetime import datetime
from decimal import Decimal

from django.db import connection

from billing.choices import EntryKind
from billing.models import UsageBatch
from billing.services import ledger
from billing.services.accounts import open_accounts
from cardfleet.accounts.models import User

CARDS = "SELECT DISTINCT card_id FROM usage_touched"
# An account pays for a card until the next one does, the first one also for what came before.
DIFFERENCES = """
WITH touched AS (
    SELECT card_id, date_trunc('month', day)::date AS month, max(ends) - interval '1 second' AS at
    FROM usage_touched GROUP BY 1, 2
), payer AS (
    SELECT card_id, account_id,
        CASE WHEN lag(id) OVER w IS NULL THEN '-infinity' ELSE starts_on END AS begins,
        lead(starts_on, 1, 'infinity') OVER w AS ends
    FROM billing_accountcard WHERE card_id IN (SELECT card_id FROM touched)
    WINDOW w AS (PARTITION BY card_id ORDER BY starts_on)
), owed AS (
    SELECT payer.account_id, t.card_id, t.month, sum(c.amount) AS amount
    FROM touched t
    JOIN billing_usagecharge c ON c.card_id = t.card_id AND c.counts
        AND c.day >= t.month AND c.day < t.month + interval '1 month'
    JOIN payer ON payer.card_id = t.card_id AND c.day >= payer.begins AND c.day < payer.ends
    GROUP BY 1, 2, 3
), posted AS (
    SELECT e.account_id, e.card_id, e.month, -sum(e.amount) AS amount
    FROM billing_ledgerentry e JOIN touched t ON t.card_id = e.card_id AND t.month = e.month
    WHERE e.kind = 'usage'
    GROUP BY 1, 2, 3
)
SELECT account_id, card_id, month, coalesce(owed.amount, 0) - coalesce(posted.amount, 0), least(t.at, %(now)s)
FROM owed FULL JOIN posted USING (account_id, card_id, month) JOIN touched t USING (card_id, month)
WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0)
ORDER BY account_id, card_id, month
"""


def post_differences(*, key: str, actor: User | None, now: datetime, batch: UsageBatch | None = None) -> ledger.Posted:
    """Post, for each touched card and month, what its charges changed by; `key` names the occasion.

    Called in the transaction that refreshed the rollups, after `rollups.touch`.
    """
    with connection.cursor() as cursor:
        cursor.execute(CARDS)
        open_accounts(card_ids=[row[0] for row in cursor.fetchall()], actor=actor, now=now)
        cursor.execute(DIFFERENCES, {"now": now})
        rows = cursor.fetchall()
    postings = [
        ledger.Posting(
            account_id=account,
            card_id=card,
            amount=-Decimal(difference),
            at=at,
            month=month,
            key=f"usage:{key}:{account}:{card}:{month}",
        )
        for account, card, month, difference, at in rows
    ]
    return ledger.post_many(kind=EntryKind.USAGE, postings=postings, actor=actor, now=now, batch=batch)
