"""Whether what is stored proves itself: balances by their entries, rollups and charges by the records."""

from collections.abc import Iterator

from django.db import connection

from billing.models import UsageSource
from billing.selectors.usage_sql import CHARGED, DAILY, DAILY_COLUMNS, KEPT_FROM, gather_calls, touch

BALANCES = """
SELECT a.id, a.code, a.balance, coalesce(sum(e.amount), 0)
FROM billing_account a LEFT JOIN billing_ledgerentry e ON e.account_id = a.id
GROUP BY a.id HAVING a.balance <> coalesce(sum(e.amount), 0) ORDER BY a.id
"""
KEYS = """
SELECT DISTINCT card_id, (started_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM billing_usagerecord
UNION SELECT card_id, day FROM billing_usagedaily
UNION SELECT card_id, day FROM billing_usagecharge
"""
WRONG_DAILY = f"""
WITH {DAILY}, stored AS (SELECT {DAILY_COLUMNS} FROM billing_usagedaily WHERE role = %(role)s AND day >= {KEPT_FROM})
(SELECT card_id, day FROM (SELECT {DAILY_COLUMNS} FROM daily EXCEPT SELECT * FROM stored) missing
 UNION SELECT card_id, day FROM (SELECT * FROM stored EXCEPT SELECT {DAILY_COLUMNS} FROM daily) extra)
ORDER BY card_id, day
"""
CHARGE_COLUMNS = "card_id, day, role, agent_id, team_id, calls, seconds, amount"
WRONG_CHARGES = f"""
WITH {CHARGED}, stored AS (
    SELECT {CHARGE_COLUMNS} FROM billing_usagecharge WHERE role = %(role)s AND day >= {KEPT_FROM})
(SELECT card_id, day FROM (SELECT {CHARGE_COLUMNS} FROM charged EXCEPT SELECT * FROM stored) missing
 UNION SELECT card_id, day FROM (SELECT * FROM stored EXCEPT SELECT {CHARGE_COLUMNS} FROM charged) extra)
ORDER BY card_id, day
"""
WRONG_POSTINGS = """
WITH owed AS (
    SELECT card_id, date_trunc('month', day)::date AS month, sum(amount) AS amount
    FROM billing_usagecharge WHERE counts GROUP BY 1, 2
), posted AS (
    SELECT card_id, month, -sum(amount) AS amount FROM billing_ledgerentry WHERE kind = 'usage' GROUP BY 1, 2
)
SELECT card_id, month FROM owed FULL JOIN posted USING (card_id, month)
WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0) ORDER BY card_id, month
"""


def wrong_balances() -> Iterator[str]:
    """Yield each account whose cached balance is not the sum of its entries."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES)
        for pk, code, balance, total in cursor.fetchall():
            yield f"account {pk} ({code}): the balance is {balance}, its entries add up to {total}"


def wrong_usage() -> Iterator[str]:
    """Yield each card and day, or month, whose rollup, charge or posting is not what the records say."""
    if span := touch(KEYS):
        for role in UsageSource.objects.order_by("role").values_list("role", flat=True).distinct():
            gather_calls(role, span)
            yield from _wrong_keys(role)
    with connection.cursor() as cursor:
        cursor.execute(WRONG_POSTINGS)
        yield from (f"card {card}, {month:%Y-%m}: the ledger differs from the charges" for card, month in cursor)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_touched, pg_temp.usage_call")


def _wrong_keys(role: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        for what, statement in (("rollup", WRONG_DAILY), ("charge", WRONG_CHARGES)):
            cursor.execute(statement, {"role": role})
            yield from (f"card {card}, {day}: the {what} of role {role} differs" for card, day in cursor.fetchall())
