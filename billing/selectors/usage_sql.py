"""What rollups and charges of some cards and days are, said in SQL once: to refresh them and to prove them.

Keys and calls are kept in tables of the session, which can be analysed: a planner that took ten thousand cards for
one would join them by nested loops.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from billing.choices import SourceRole
from billing.rules.windows import read_windows

Span = tuple[datetime, datetime]

# The first day of which calls are kept; what was dropped before it is no longer there to reckon with.
KEPT_FROM = """coalesce((SELECT dropped_before FROM billing_retentionrule WHERE category = 'calls'), '-infinity')"""
TOUCHED = f"""
CREATE TEMPORARY TABLE usage_touched AS
SELECT card_id, day, day::timestamp AT TIME ZONE 'Asia/Shanghai' AS starts,
    (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends
FROM ({{keys}}) keys WHERE day >= {KEPT_FROM}
"""
HOURS = ", ".join(f"count(*) FILTER (WHERE hour = {hour})" for hour in range(24))
SHORT = (5, 10, 15, 30)
SHORT_COLUMNS = ", ".join(f"under_{length}" for length in SHORT)
SHORT_COUNTS = ", ".join(
    f"count(*) FILTER (WHERE is_out AND answered AND duration_s < {length}) AS under_{length}" for length in SHORT
)
# Seconds since 1970 on a Shanghai clock, which has had no summer time since 1991: days, hours and seconds of the day
# are then plain divisions, a tenth of the time that time zones take.
CLOCK = "(floor(date_part('epoch', started_at))::bigint + 28800)"
DAY = f"(date '1970-01-01' + ({CLOCK} / 86400)::integer)"

# What is reckoned with of a call: `hour` is null for incoming ones.
CALL_COLUMNS = """card_id bigint, started_at timestamptz, day date, second integer, hour smallint, is_out boolean,
    is_outside boolean, counterpart text, duration_s integer, answered boolean, agent_id bigint, team_id bigint,
    cost numeric"""
# OFFSET 0 keeps the planner from working the clock out once for each place that uses it.
CALLS = """
SELECT card_id, started_at, day, second, CASE WHEN is_out THEN second / 3600 END, is_out, {outside}, counterpart,
    duration_s, answered, agent_id, team_id, cost
FROM (
    SELECT *, date '1970-01-01' + (clock / 86400)::integer AS day, mod(clock, 86400)::integer AS second
    FROM (
        SELECT card_id, started_at, {clock} AS clock, direction = 'out' AS is_out, counterpart, duration_s, answered,
            agent_id, team_id, CASE WHEN {carrier} THEN coalesce(fee, rated_fee) ELSE rated_fee END AS cost
        FROM {source} OFFSET 0
    ) clocked OFFSET 0
) call
"""
# The calls of the keys in usage_touched(card_id, day, starts, ends) that sources of one role saw.
STORED_CALLS = """(
    SELECT u.* FROM usage_touched t
    JOIN billing_usagerecord u ON u.card_id = t.card_id AND u.started_at >= t.starts AND u.started_at < t.ends
    WHERE u.started_at >= %(first)s AND u.started_at < %(last)s
        AND u.source_id IN (SELECT id FROM billing_usagesource WHERE role = %(role)s) {beside}
) stored"""
# Of these, all but the calls of the batch that put its own into the table when it stored them.
BESIDE = "AND u.batch_id <> %(batch)s"
DAILY = f"""
callee AS (
    SELECT card_id, day, count(*) FILTER (WHERE nth = 1) AS distinct_callees, max(nth) AS most_to_one
    FROM (SELECT card_id, day, row_number() OVER (PARTITION BY card_id, day, counterpart COLLATE "C") AS nth
          FROM usage_call WHERE is_out AND counterpart <> '') c
    GROUP BY card_id, day
), total AS (
    SELECT card_id, day, count(*) FILTER (WHERE is_out) AS calls,
        count(*) FILTER (WHERE is_out AND answered) AS answered,
        count(*) FILTER (WHERE NOT is_out) AS incoming,
        coalesce(sum(duration_s) FILTER (WHERE is_out), 0) AS seconds,
        {SHORT_COUNTS}, max(in_60) AS most_in_60, max(in_10) AS most_in_10,
        ARRAY[{HOURS}]::integer[] AS hours, count(*) FILTER (WHERE is_out AND is_outside) AS outside_window,
        sum(cost) AS cost, max(started_at) AS last_at
    FROM (SELECT *, count(hour) OVER (w RANGE BETWEEN CURRENT ROW AND 3599 FOLLOWING) AS in_60,
            count(hour) OVER (w RANGE BETWEEN CURRENT ROW AND 599 FOLLOWING) AS in_10
          FROM usage_call WINDOW w AS (PARTITION BY card_id, day ORDER BY second)) p
    GROUP BY card_id, day
), daily AS (
    SELECT t.card_id, t.day, %(role)s::text AS role, t.calls, t.answered, t.incoming, t.seconds, {SHORT_COLUMNS},
        coalesce(c.distinct_callees, 0) AS distinct_callees, coalesce(c.most_to_one, 0) AS most_to_one,
        t.most_in_60, t.most_in_10, t.hours, t.outside_window, t.cost, t.last_at
    FROM total t LEFT JOIN callee c USING (card_id, day)
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
# The carrier's charges count where it lists the day; else those of the role that reckons the most, or saw most talk.
BEST = """
best AS (
    SELECT DISTINCT ON (card_id, day) card_id, day, role
    FROM (SELECT c.card_id, c.day, c.role, sum(c.amount) AS amount, sum(c.seconds) AS seconds
          FROM billing_usagecharge c JOIN usage_touched t USING (card_id, day) GROUP BY 1, 2, 3) s
    ORDER BY card_id, day, role = 'carrier' DESC, amount DESC, seconds DESC, role
)"""
DAILY_COLUMNS = f"""card_id, day, role, calls, answered, incoming, seconds, {SHORT_COLUMNS}, distinct_callees,
    most_to_one, most_in_60, most_in_10, hours, outside_window, cost, last_at"""


def touch(keys: str, parameters: Mapping[str, Any] | None = None) -> Span | None:
    """Name the keys to reckon, `keys` being SQL for distinct (card_id, day); return the span they lie in."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_touched")
        cursor.execute(TOUCHED.format(keys=keys), parameters or {})
        cursor.execute("ANALYZE pg_temp.usage_touched (card_id, day)")
        cursor.execute("SELECT min(starts), max(ends) FROM usage_touched")
        first, last = cursor.fetchone()
    return (first, last) if first else None


def gather_calls(role: str, span: Span, *, beside: int | None = None) -> None:
    """Gather the calls of the touched keys that sources of a role saw, for DAILY and CHARGED to read.

    `beside` is the batch whose calls stand in the table already.
    """
    if beside is None:
        make_calls()
    stored = STORED_CALLS.format(beside="" if beside is None else BESIDE)
    with connection.cursor() as cursor:
        statement = f"INSERT INTO usage_call {calls_of(stored, role)}"
        cursor.execute(statement, {"role": role, "first": span[0], "last": span[1], "batch": beside})
        cursor.execute("ANALYZE pg_temp.usage_call (card_id, day)")


def make_calls() -> None:
    """Make the table of calls to reckon with anew, empty."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.usage_call")
        cursor.execute(f"CREATE TEMPORARY TABLE usage_call ({CALL_COLUMNS})")


def calls_of(source: str, role: str) -> str:
    """Return SQL for the rows of the table of calls, by SQL for records of a role."""
    carrier = "true" if role == SourceRole.CARRIER else "false"
    return CALLS.format(outside=_outside(), clock=CLOCK, carrier=carrier, source=source)


def _outside() -> str:
    """Return SQL for whether a call began outside the company's calling hours."""
    within = [f"second >= {opens} AND second < {closes}" for opens, closes in read_windows(settings.CALLING_WINDOW)]
    return f"NOT ({' OR '.join(within)})"
