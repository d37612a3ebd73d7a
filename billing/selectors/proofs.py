"""Whether what is stored proves itself: balances and transfers by their entries, rollups and charges by the records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from billing.models import UsageSource
from billing.selectors.usage_sql import BEST, CHARGED, DAILY, DAILY_COLUMNS, DAY, gather_calls, touch
from cardfleet.kernel.clock import day_start, month_start, next_month

BALANCES = """
SELECT a.id, a.code, a.balance, coalesce(sum(e.amount), 0)
FROM billing_account a LEFT JOIN billing_ledgerentry e ON e.account_id = a.id
GROUP BY a.id HAVING a.balance <> coalesce(sum(e.amount), 0) ORDER BY a.id
"""
TRANSFERS = """
SELECT t.id, count(e.id), coalesce(sum(e.amount), 0)
FROM billing_transfer t LEFT JOIN billing_ledgerentry e ON e.transfer_id = t.id
GROUP BY t.id HAVING count(e.id) < 2 OR sum(e.amount) <> 0 ORDER BY t.id
"""
SPAN = """
SELECT min(first), max(last) FROM (
    SELECT min(started_at AT TIME ZONE 'Asia/Shanghai')::date, max(started_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM billing_usagerecord
    UNION ALL SELECT min(day), max(day) FROM billing_usagedaily
    UNION ALL SELECT min(day), max(day) FROM billing_usagecharge
) spans(first, last)
"""
KEYS = f"""
SELECT DISTINCT card_id, {DAY} AS day FROM billing_usagerecord WHERE started_at >= %(starts)s AND started_at < %(ends)s
UNION SELECT card_id, day FROM billing_usagedaily WHERE day >= %(first)s AND day < %(after)s
UNION SELECT card_id, day FROM billing_usagecharge WHERE day >= %(first)s AND day < %(after)s
"""


def _differing(columns: str) -> str:
    """Return SQL for the names of the columns in which `reckoned` and `stored` differ."""
    names = [name.strip() for name in columns.split(",")]
    cases = ", ".join(f"CASE WHEN reckoned.{name} IS DISTINCT FROM stored.{name} THEN '{name}' END" for name in names)
    return f"array_remove(ARRAY[{cases}], NULL)"


WRONG_DAILY = f"""
WITH {DAILY}, stored AS (
    SELECT d.* FROM billing_usagedaily d JOIN usage_touched USING (card_id, day) WHERE role = %(role)s
)
SELECT card_id, day, columns FROM (
    SELECT card_id, day, {_differing(DAILY_COLUMNS)} AS columns
    FROM daily reckoned FULL JOIN stored USING (card_id, day)
) compared WHERE cardinality(columns) > 0 ORDER BY card_id, day
"""
WRONG_CHARGES = f"""
WITH {CHARGED}, stored AS (
    SELECT c.* FROM billing_usagecharge c JOIN usage_touched USING (card_id, day) WHERE role = %(role)s
)
SELECT card_id, day, columns FROM (
    SELECT card_id, day, {_differing("calls, seconds, amount")} AS columns
    FROM (SELECT *, coalesce(agent_id, 0) AS agent, coalesce(team_id, 0) AS team FROM charged) reckoned
    FULL JOIN (SELECT *, coalesce(agent_id, 0) AS agent, coalesce(team_id, 0) AS team FROM stored) stored
        USING (card_id, day, agent, team)
) compared WHERE cardinality(columns) > 0 ORDER BY card_id, day
"""
WRONG_CHOICE = f"""
WITH {BEST}
SELECT DISTINCT card_id, day, ARRAY['counts'] FROM billing_usagecharge c JOIN best USING (card_id, day)
WHERE c.counts <> (c.role = best.role) ORDER BY card_id, day
"""
WRONG_POSTINGS = """
WITH owed AS (
    SELECT card_id, date_trunc('month', day)::date AS month, sum(amount) AS amount
    FROM billing_usagecharge WHERE counts GROUP BY 1, 2
), posted AS (
    SELECT card_id, coalesce(of_month, month) AS month, -sum(amount) AS amount
    FROM billing_ledgerentry WHERE kind = 'usage' GROUP BY 1, 2
)
SELECT card_id, month, coalesce(owed.amount, 0), coalesce(posted.amount, 0)
FROM owed FULL JOIN posted USING (card_id, month)
WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0) ORDER BY card_id, month
"""


WRONG_SUMS = """
WITH charged AS (
    SELECT card_id, s.month, coalesce(agent_id, 0) AS agent,
        coalesce(team_id, 0) AS team, sum(calls) AS calls, sum(seconds) AS seconds, sum(amount) AS amount
    FROM billing_usagecharge JOIN billing_summedmonth s ON day >= s.month AND day < s.until WHERE counts
    GROUP BY 1, 2, 3, 4
), summed AS (
    SELECT card_id, month, agent, team, sum(calls) AS calls, sum(seconds) AS seconds, sum(amount) AS amount FROM (
        SELECT card_id, month, coalesce(agent_id, 0) AS agent, coalesce(team_id, 0) AS team, calls, seconds, amount
        FROM billing_usagemonth WHERE month IN (SELECT month FROM billing_summedmonth)
        UNION ALL SELECT card_id, of_month, coalesce(agent_id, 0), coalesce(team_id, 0), calls, seconds, amount
        FROM billing_lateusage
    ) sums GROUP BY 1, 2, 3, 4
)
SELECT DISTINCT card_id, month FROM charged FULL JOIN summed USING (card_id, month, agent, team)
WHERE (coalesce(charged.calls, 0), coalesce(charged.seconds, 0), coalesce(charged.amount, 0))
    <> (coalesce(summed.calls, 0), coalesce(summed.seconds, 0), coalesce(summed.amount, 0)) ORDER BY card_id, month
"""


def wrong_balances() -> Iterator[str]:
    """Yield each account whose cached balance is not the sum of its entries."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES)
        for pk, code, balance, total in cursor.fetchall():
            yield f"account {pk} ({code}): the balance is {balance}, its entries add up to {total}"


def wrong_transfers() -> Iterator[str]:
    """Yield each transfer whose legs do not add up to nothing, or that has not two of them."""
    with connection.cursor() as cursor:
        cursor.execute(TRANSFERS)
        for pk, legs, total in cursor.fetchall():
            yield f"transfer {pk}: its {legs} legs add up to {total}"


@dataclass(frozen=True)
class Difference:
    """A card and day, or first day of a month, of which something stored is not what the records say."""

    card_id: int
    day: date
    what: str

    def __str__(self) -> str:
        return f"card {self.card_id}, {self.what}"


def wrong_usage() -> Iterator[Difference]:
    """Yield what of rollups, charges and postings is not what the records say, a month at a time."""
    with connection.cursor() as cursor:
        cursor.execute(SPAN)
        first, last = cursor.fetchone()
    roles = list(UsageSource.objects.order_by("role").values_list("role", flat=True).distinct())
    month = first and month_start(first)
    while month and month <= last:
        yield from _wrong_rollups(month, roles)
        month = next_month(month)
    with connection.cursor() as cursor:
        cursor.execute(WRONG_POSTINGS)
        for card, month, owed, posted in cursor:
            yield Difference(card, month, f"{month:%Y-%m}: the ledger has {posted}, the charges add up to {owed}")
        cursor.execute(WRONG_SUMS)
        for card, month in cursor.fetchall():
            yield Difference(card, month, f"{month:%Y-%m}: the sums of the month are not those of its charges")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_touched, pg_temp.usage_call")


def _wrong_rollups(month: date, roles: Iterable[str]) -> Iterator[Difference]:
    after = next_month(month)
    span = touch(KEYS, {"first": month, "after": after, "starts": day_start(month), "ends": day_start(after)})
    if span is None:
        return
    for role in roles:
        gather_calls(role, span)
        yield from _differences(WRONG_DAILY, f"rollup of role {role}", role)
        yield from _differences(WRONG_CHARGES, f"charge of role {role}", role)
    yield from _differences(WRONG_CHOICE, "charge", "")


def _differences(statement: str, what: str, role: str) -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"role": role})
        for card, day, columns in cursor.fetchall():
            yield Difference(card, day, f"{day}: {what} differs in {', '.join(columns)}")
