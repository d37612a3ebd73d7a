"""How often a number was called by all cards together (R40), to be asked as a part of a statement."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cardfleet.kernel.clock import business_day

DAY, MONTH = timedelta(hours=24), timedelta(days=30)
# Outgoing calls to one number by all cards within 24 hours and 30 days, by keys only.
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
SELECT coalesce(max(day), 0) AS within_24h, coalesce(max(month), 0) AS within_30d FROM by_role
"""


def values_of(number: str, *, card_id: int, now: datetime) -> Mapping[str, Any]:
    """Return the values `CALLS` is asked with for a normalised number, up to a moment."""
    since = now - MONTH
    return {
        "number": number,
        "card": card_id,
        "now": now,
        "since": since,
        "since_day": now - DAY,
        "first": business_day(since),
    }
