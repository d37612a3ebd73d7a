"""Rollups a card, day and role, reckoned anew for the touched keys in the transaction that touched them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from billing.selectors.usage_sql import CHARGED, DAILY, DAILY_COLUMNS, gather_calls, touch

REFRESH = (
    """DELETE FROM billing_usagedaily d USING usage_touched t
    WHERE d.card_id = t.card_id AND d.day = t.day AND d.role = %(role)s""",
    f"""WITH {DAILY} INSERT INTO billing_usagedaily ({DAILY_COLUMNS})
    SELECT {DAILY_COLUMNS} FROM daily ORDER BY card_id, day""",
    """DELETE FROM billing_usagecharge c USING usage_touched t
    WHERE c.card_id = t.card_id AND c.day = t.day AND c.role = %(role)s""",
    f"""WITH {CHARGED} INSERT INTO billing_usagecharge
        (card_id, day, role, agent_id, team_id, calls, seconds, amount, counts)
    SELECT card_id, day, role, agent_id, team_id, calls, seconds, amount, true FROM charged ORDER BY card_id, day""",
)
# The carrier's charges count where it lists the day; else those of the role that reckons the most.
CHOOSE = """
WITH best AS (
    SELECT DISTINCT ON (card_id, day) card_id, day, role
    FROM (SELECT c.card_id, c.day, c.role, sum(c.amount) AS amount
          FROM billing_usagecharge c JOIN usage_touched t USING (card_id, day) GROUP BY 1, 2, 3) s
    ORDER BY card_id, day, role = 'carrier' DESC, amount DESC, role
)
UPDATE billing_usagecharge c SET counts = c.role = best.role FROM best
WHERE c.card_id = best.card_id AND c.day = best.day AND c.counts <> (c.role = best.role)
"""


def refresh(keys: str, roles: Iterable[str], parameters: Mapping[str, Any] | None = None) -> None:
    """Reckon rollups and charges anew for these roles, and which role's charges count.

    `keys` is SQL for distinct (card_id, day), with its `parameters`; they stay named in `usage_touched` for who posts
    the differences.
    """
    span = touch(keys, parameters)
    if span is None:
        return
    with connection.cursor() as cursor:
        for role in roles:
            gather_calls(role, span)
            for statement in REFRESH:
                cursor.execute(statement, {"role": role})
        cursor.execute(CHOOSE)
