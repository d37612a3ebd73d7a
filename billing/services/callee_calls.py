"""Gathers who was called, day by day over all cards, beside the imports rather than in them (R40)."""

from datetime import date, timedelta

from django.db import connection, transaction

from cardfleet.kernel.clock import day_bounds

# The longest window of a rule, and the day it begins on.
DAYS_KEPT = 31
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('billing.callees'))"
FORGET = "DELETE FROM billing_calleeday WHERE day < %(kept)s OR day = %(day)s"
GATHER = """
INSERT INTO billing_calleeday (counterpart, day, role, starts, cards)
SELECT record.counterpart, %(day)s, source.role, array_agg(record.started_at), array_agg(record.card_id)
FROM billing_usagerecord record JOIN billing_usagesource source ON source.id = record.source_id
WHERE record.started_at >= %(start)s AND record.started_at < %(end)s
    AND record.direction = 'out' AND record.counterpart <> ''
GROUP BY record.counterpart, source.role
"""


def gather_callees(*, on: date, days: int) -> int:
    """Gather the last days up to and including one anew, each in a transaction; return how many rows there are."""
    return sum(_gather(on - timedelta(days=back), on) for back in range(days))


@transaction.atomic
def _gather(day: date, today: date) -> int:
    start, end = day_bounds(day)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(FORGET, {"kept": today - timedelta(days=DAYS_KEPT), "day": day})
        cursor.execute(GATHER, {"day": day, "start": start, "end": end})
        return int(cursor.rowcount)
