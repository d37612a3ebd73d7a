"""How often a number was called by all cards together (R40)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from cardfleet.kernel.clock import business_day

DAY, MONTH = timedelta(hours=24), timedelta(days=30)
# The asking card's calls are counted from its records as they stand, those of other cards from what was gathered. One
# call that two roles saw is one: the role that saw most speaks.
CALLS = """
WITH calls AS (
    SELECT source.role, record.started_at
    FROM billing_usagerecord record JOIN billing_usagesource source ON source.id = record.source_id
    WHERE record.card_id = %(card)s AND record.started_at > %(since)s AND record.started_at <= %(now)s
        AND record.direction = 'out' AND record.counterpart = %(number)s
    UNION ALL
    SELECT gathered.role, call.started_at
    FROM billing_calleeday gathered CROSS JOIN unnest(gathered.starts, gathered.cards) AS call (started_at, card_id)
    WHERE gathered.counterpart = %(number)s AND gathered.day >= %(first)s
        AND call.card_id <> %(card)s AND call.started_at > %(since)s AND call.started_at <= %(now)s
), by_role AS (
    SELECT count(*) FILTER (WHERE started_at > %(since_day)s) AS day, count(*) AS month FROM calls GROUP BY role
)
SELECT coalesce(max(day), 0), coalesce(max(month), 0) FROM by_role
"""


@dataclass(frozen=True)
class CalleeCalls:
    """Outgoing calls to one number by all cards, up to a moment."""

    within_24h: int
    within_30d: int


def calls_to(number: str, *, card_id: int, now: datetime) -> CalleeCalls:
    """Return how often all cards called a normalised number; one query, by keys only."""
    since = now - MONTH
    parameters: dict[str, Any] = {
        "number": number,
        "card": card_id,
        "now": now,
        "since": since,
        "since_day": now - DAY,
        "first": business_day(since),
    }
    with connection.cursor() as cursor:
        cursor.execute(CALLS, parameters)
        return CalleeCalls(*cursor.fetchone())
