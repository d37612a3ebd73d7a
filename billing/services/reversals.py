"""Many entries of the ledger taken back at once, each by a row of its own, as `ledger.reverse` does one."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from billing.models import LedgerEntry
from billing.services.ledger import Posted
from billing.services.open_months import keep_open
from cardfleet.accounts.models import User

LOCK = """
SELECT FROM billing_account WHERE id IN (SELECT account_id FROM billing_ledgerentry WHERE id = ANY(%(entries)s))
ORDER BY id FOR UPDATE
"""
REVERSE = """
WITH closed AS (
    SELECT max(month) AS until FROM billing_closedmonth
), reversed AS (
    INSERT INTO billing_ledgerentry (account_id, card_id, kind, amount, at, month, of_month, posted_at, key,
        reference, note, reverses_id, actor_id)
    SELECT account_id, card_id, 'reversal', -amount, at,
        greatest(month, (closed.until + interval '1 month')::date),
        CASE WHEN month <= closed.until THEN coalesce(of_month, month) ELSE of_month END,
        %(now)s, 'reversal:' || id, reference, '', id, %(actor)s
    FROM closed, billing_ledgerentry e
    WHERE id = ANY(%(entries)s) AND kind NOT IN ('reversal', 'usage', 'transfer')
        AND NOT EXISTS (SELECT FROM billing_ledgerentry back WHERE back.reverses_id = e.id)
    RETURNING account_id, amount
), moved AS (
    UPDATE billing_account SET balance = balance + sums.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM reversed GROUP BY account_id) AS sums
    WHERE billing_account.id = sums.account_id
)
SELECT count(*), coalesce(sum(amount), 0) FROM reversed
"""


@transaction.atomic
def reverse_many(*, entries: QuerySet[LedgerEntry], actor: User | None, now: datetime) -> Posted:
    """Take entries back that were not yet, each in its own month, or the first open one. The caller journals the set.

    Reversals, legs of transfers and what is reckoned from call records stay.
    """
    keep_open()
    chosen: dict[str, Any] = {
        "entries": list(entries.values_list("pk", flat=True)),
        "now": now,
        "actor": actor.pk if actor else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, chosen)
        cursor.execute(REVERSE, chosen)
        return Posted(*cursor.fetchone())
