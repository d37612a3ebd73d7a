"""From charges of calls to the ledger: what the charges now say, less what was posted (decision 7)."""

from datetime import datetime

from django.db import connection

from billing.choices import EntryKind
from billing.models import UsageBatch
from billing.selectors.closing import open_month_for
from billing.services import ledger
from billing.services.accounts import open_accounts
from billing.services.open_months import keep_open
from cardfleet.accounts.models import User

UNPAID = """
SELECT DISTINCT card_id FROM usage_touched t
WHERE NOT EXISTS (SELECT FROM billing_accountcard a WHERE a.card_id = t.card_id AND a.ends_on IS NULL)
"""
# An account pays for a card until the next one does, the first one also for what came before.
# The months are said once more, so that those of other months are not looked through.
DIFFERENCES = """
CREATE TEMPORARY TABLE usage_posting AS
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
        AND c.day >= %(first)s AND c.day < %(last)s
    JOIN payer ON payer.card_id = t.card_id AND c.day >= payer.begins AND c.day < payer.ends
    GROUP BY 1, 2, 3
), entry AS (
    SELECT e.account_id, e.card_id, e.month, e.amount
    FROM billing_ledgerentry e JOIN touched t ON t.card_id = e.card_id AND t.month = e.month
    WHERE e.kind = 'usage' AND e.of_month IS NULL AND e.month >= %(first)s AND e.month < %(last)s
    UNION ALL
    SELECT e.account_id, e.card_id, e.of_month, e.amount
    FROM billing_ledgerentry e JOIN touched t ON t.card_id = e.card_id AND t.month = e.of_month
    WHERE e.kind = 'usage' AND e.of_month >= %(first)s AND e.of_month < %(last)s
), posted AS (
    SELECT account_id, card_id, month, -sum(amount) AS amount FROM entry GROUP BY 1, 2, 3
)
SELECT account_id AS account, card_id AS card, coalesce(posted.amount, 0) - coalesce(owed.amount, 0) AS amount,
    least(t.at, %(now)s) AS at, month, concat_ws(':', 'usage', %(key)s, account_id, card_id, month) AS key
FROM owed FULL JOIN posted USING (account_id, card_id, month) JOIN touched t USING (card_id, month)
WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0)
ORDER BY account_id, card_id, month
"""

# What a closed month's calls changed by is a cost of the open one, of whoever held the card then.
LATE = """
WITH touched AS (
    SELECT DISTINCT card_id, date_trunc('month', day)::date AS month FROM usage_touched
), late AS (
    SELECT * FROM touched WHERE month < %(open)s
), changed AS (
    SELECT late.card_id, late.month, c.agent_id, c.team_id, c.calls::bigint AS calls, c.seconds::bigint AS seconds,
        c.amount
    FROM late JOIN billing_usagecharge c ON c.card_id = late.card_id AND c.counts
        AND c.day >= late.month AND c.day < late.month + interval '1 month'
    UNION ALL
    SELECT card_id, month, agent_id, team_id, -calls, -seconds, -amount
    FROM billing_usagemonth JOIN late USING (card_id, month)
    UNION ALL
    SELECT card_id, late.month, l.agent_id, l.team_id, -l.calls, -l.seconds, -l.amount
    FROM billing_lateusage l JOIN late USING (card_id) WHERE l.of_month = late.month
)
INSERT INTO billing_lateusage (card_id, month, of_month, agent_id, team_id, calls, seconds, amount)
SELECT card_id, %(open)s, month, agent_id, team_id, sum(calls), sum(seconds), sum(amount)
FROM changed
GROUP BY 1, 2, 3, 4, 5 HAVING sum(calls) <> 0 OR sum(seconds) <> 0 OR sum(amount) <> 0
ORDER BY card_id, month
"""
MONTHS = """
SELECT date_trunc('month', min(day))::date, (date_trunc('month', max(day)) + interval '1 month')::date
FROM usage_touched
"""


def post_differences(*, key: str, actor: User | None, now: datetime, batch: UsageBatch | None = None) -> ledger.Posted:
    """Post, for each touched card and month, what its charges changed by; `key` names the occasion.

    Called in the transaction that refreshed the rollups, after `rollups.touch`. What changes a closed month counts in
    the first open one.
    """
    keep_open()
    with connection.cursor() as cursor:
        cursor.execute(UNPAID)
        if unpaid := [row[0] for row in cursor.fetchall()]:
            open_accounts(card_ids=unpaid, actor=actor, now=now)
        cursor.execute(MONTHS)
        first, last = cursor.fetchone()
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_posting")
        cursor.execute(DIFFERENCES, {"key": key, "now": now, "first": first, "last": last})
        if first and first != (opened := open_month_for(first)):
            cursor.execute(LATE, {"open": opened})
    return ledger.post_rows("usage_posting", kind=EntryKind.USAGE, actor=actor, now=now, batch=batch, is_reckoned=True)
