"""Whose the calls of an import are, looked at once more when they are stored.

A file is resolved before the lock of imports is taken, so a hand-out may be undone, or entered late, in between. Who
undoes or enters takes the same lock (`attributions.wait_for_imports`), so what is seen here stays until the end.
"""

from datetime import datetime, timedelta

from django.db import connection

LATELY = timedelta(days=1)
"""Longer than any import takes."""
STAMPS = """
UPDATE usage_row r SET agent_id = now_held.agent_id, team_id = now_held.team_id FROM (
    SELECT r.line, held.agent_id, held.team_id FROM usage_row r
    JOIN (SELECT DISTINCT card_id FROM agents_assignment
          WHERE undone_at >= %(since)s OR recorded_at >= %(since)s) changed USING (card_id)
    LEFT JOIN agents_assignment held ON held.card_id = r.card_id AND held.undone_at IS NULL
        AND held.started_at <= r.started_at AND (held.ended_at IS NULL OR held.ended_at > r.started_at)
    WHERE held.agent_id <> coalesce(r.agent_id, 0) OR held.id IS NULL AND EXISTS (
        SELECT FROM agents_assignment undone WHERE undone.card_id = r.card_id AND undone.agent_id = r.agent_id
            AND undone.undone_at >= %(since)s AND undone.started_at <= r.started_at)
) now_held WHERE now_held.line = r.line
"""


def restamp(*, now: datetime) -> None:
    """Stamp the resolved rows of cards whose hand-outs changed lately with who holds them by now; under the lock."""
    with connection.cursor() as cursor:
        cursor.execute(STAMPS, {"since": now - LATELY})
