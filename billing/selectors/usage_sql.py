"""What rollups and charges of some cards and days are, said in SQL once: to refresh them and to prove them.

Keys and calls are kept in tables of the session, which can be analysed: a planner that took ten thousand cards for
one would join them by nested loops.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from billing.rules.windows import read_windows

# The first day of which calls are kept; what was dropped before it is no longer there to reckon with.
KEPT_FROM = """coalesce((SELECT dropped_before FROM billing_retentionrule WHERE category = 'calls'), '-infinity')"""
TOUCHED = f"""
CREATE TEMPORARY TABLE usage_touched AS
SELECT card_id, day, day::timestamp AT TIME ZONE 'Asia/Shanghai' AS starts,
    (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends
FROM ({{keys}}) keys WHERE day >= {KEPT_FROM}
"""
HOURS = ", ".join(f"count(*) FILTER (WHERE is_out AND second / 3600 = {hour})" for hour in range(24))
SHORT = (5, 10, 15, 30)
SHORT_COLUMNS = ", ".join(f"under_{length}" for length in SHORT)
SHORT_COUNTS = ", ".join(
    f"count(*) FILTER (WHERE is_out AND answered AND duration_s < {length}) AS under_{length}" for length in SHORT
)

# The calls of the keys in usage_touched(card_id, day, starts, ends) that sources of one role saw.
CALLS = """
CREATE TEMPORARY TABLE usage_call AS
SELECT *, {outside} AS is_outside FROM (
SELECT t.card_id, t.day, u.started_at, u.direction = 'out' AS is_out, u.counterpart, u.duration_s, u.answered,
    u.agent_id, u.team_id,
    CASE WHEN %(role)s = 'carrier' THEN coalesce(u.fee, u.rated_fee) ELSE u.rated_fee END AS cost,
    extract(epoch FROM u.started_at - t.starts)::integer AS second
FROM usage_touched t
JOIN billing_usagerecord u ON u.card_id = t.card_id AND u.started_at >= t.starts AND u.started_at < t.ends
WHERE u.started_at >= %(first)s AND u.started_at < %(last)s
    AND u.source_id IN (SELECT id FROM billing_usagesource WHERE role = %(role)s)
) seen
"""
DAILY = f"""
peak AS (
    SELECT card_id, day, max(in_60) AS most_in_60, max(in_10) AS most_in_10
    FROM (SELECT card_id, day,
            count(*) OVER (w RANGE BETWEEN CURRENT ROW AND 3599 FOLLOWING) AS in_60,
            count(*) OVER (w RANGE BETWEEN CURRENT ROW AND 599 FOLLOWING) AS in_10
          FROM usage_call WHERE is_out WINDOW w AS (PARTITION BY card_id, day ORDER BY second)) p
    GROUP BY card_id, day
), callee AS (
    SELECT card_id, day, count(*) AS distinct_callees, max(times) AS most_to_one
    FROM (SELECT card_id, day, count(*) AS times FROM usage_call WHERE is_out AND counterpart <> ''
          GROUP BY card_id, day, counterpart) c
    GROUP BY card_id, day
), total AS (
    SELECT card_id, day, count(*) FILTER (WHERE is_out) AS calls,
        count(*) FILTER (WHERE is_out AND answered) AS answered,
        count(*) FILTER (WHERE NOT is_out) AS incoming,
        coalesce(sum(duration_s) FILTER (WHERE is_out), 0) AS seconds,
        {SHORT_COUNTS},
        ARRAY[{HOURS}]::integer[] AS hours, count(*) FILTER (WHERE is_out AND is_outside) AS outside_window,
        sum(cost) AS cost, max(started_at) AS last_at
    FROM usage_call GROUP BY card_id, day
), daily AS (
    SELECT t.card_id, t.day, %(role)s::text AS role, t.calls, t.answered, t.incoming, t.seconds, {SHORT_COLUMNS},
        coalesce(c.distinct_callees, 0) AS distinct_callees, coalesce(c.most_to_one, 0) AS most_to_one,
        coalesce(p.most_in_60, 0) AS most_in_60, coalesce(p.most_in_10, 0) AS most_in_10, t.hours, t.outside_window,
        t.cost, t.last_at
    FROM total t LEFT JOIN peak p USING (card_id, day) LEFT JOIN callee c USING (card_id, day)
)"""
# Who really held the card, where a hand-out was recorded late, outranks the stamp (invariant 6).
CHARGED = """
charged AS (
    SELECT c.card_id, c.day, %(role)s::text AS role,
        CASE WHEN a.id IS NULL THEN c.agent_id ELSE a.agent_id END AS agent_id,
        CASE WHEN a.id IS NULL THEN c.team_id ELSE a.team_id END AS team_id,
        count(*) FILTER (WHERE is_out) AS calls, coalesce(sum(duration_s) FILTER (WHERE is_out), 0) AS seconds,
        sum(cost) AS amount
    FROM usage_call c LEFT JOIN billing_usageattribution a
        ON a.card_id = c.card_id AND a.withdrawn_at IS NULL
        AND c.started_at >= a.starts_at AND c.started_at < a.ends_at
    GROUP BY 1, 2, 3, 4, 5
)"""
DAILY_COLUMNS = f"""card_id, day, role, calls, answered, incoming, seconds, {SHORT_COLUMNS}, distinct_callees,
    most_to_one, most_in_60, most_in_10, hours, outside_window, cost, last_at"""


def touch(keys: str, parameters: Mapping[str, Any] | None = None) -> tuple[datetime, datetime] | None:
    """Name the keys to reckon, `keys` being SQL for distinct (card_id, day); return the span they lie in."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_touched")
        cursor.execute(TOUCHED.format(keys=keys), parameters or {})
        cursor.execute("ANALYZE pg_temp.usage_touched")
        cursor.execute("SELECT min(starts), max(ends) FROM usage_touched")
        first, last = cursor.fetchone()
    return (first, last) if first else None


def gather_calls(role: str, span: tuple[datetime, datetime]) -> None:
    """Gather the calls of the touched keys that sources of a role saw, for DAILY and CHARGED to read."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_call")
        cursor.execute(CALLS.format(outside=_outside()), {"role": role, "first": span[0], "last": span[1]})
        cursor.execute("ANALYZE pg_temp.usage_call")


def _outside() -> str:
    """Return SQL for whether a call began outside the company's calling hours."""
    within = [f"second >= {opens} AND second < {closes}" for opens, closes in read_windows(settings.CALLING_WINDOW)]
    return f"NOT ({' OR '.join(within)})"
