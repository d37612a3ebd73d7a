"""Calls that are stored already under their own id, with a time that lost nothing."""

from django.db import connection

SPAN = "SELECT date_trunc('minute', min(started_at)), max(started_at) FROM usage_row WHERE card_id IS NOT NULL"
KEEP = """
UPDATE usage_row r SET started_at = u.started_at
FROM billing_usagerecord u
WHERE u.card_id = r.card_id AND u.uid = r.uid AND u.started_at <> r.started_at
    AND u.started_at >= date_trunc('minute', r.started_at)
    AND u.started_at < date_trunc('minute', r.started_at) + interval '1 minute'
    AND u.started_at >= %(first)s AND u.started_at < %(last)s + interval '1 minute'
"""


def keep_known_times() -> None:
    """Give the rows that are stored already, within the same minute, the time they are stored with."""
    with connection.cursor() as cursor:
        cursor.execute(SPAN)
        first, last = cursor.fetchone()
        if first:
            cursor.execute(KEEP, {"first": first, "last": last})
