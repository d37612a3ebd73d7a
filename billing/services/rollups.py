"""Rollups a card, day and role, reckoned anew for the touched keys in the transaction that touched them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from billing.selectors.usage_sql import CHARGED, DAILY, DAILY_COLUMNS, gather_calls, touch

NEW_KEYS = "SELECT DISTINCT card_id, day FROM usage_call"
# The days are said once more, so that a new day is known to hold nothing without looking for each card.
FORGET = """
DELETE FROM billing_usagedaily d USING usage_touched t
WHERE d.card_id = t.card_id AND d.day = t.day AND d.role = %(role)s
    AND d.day BETWEEN (SELECT min(day) FROM usage_touched) AND (SELECT max(day) FROM usage_touched)
"""
FORGET_CHARGES = """
DELETE FROM billing_usagecharge c USING usage_touched t
WHERE c.card_id = t.card_id AND c.day = t.day AND c.role = %(role)s
"""
RECKON = (
    f"""WITH {DAILY} INSERT INTO billing_usagedaily ({DAILY_COLUMNS})
    SELECT {DAILY_COLUMNS} FROM daily ORDER BY card_id, day""",
    f"""WITH {CHARGED} INSERT INTO billing_usagecharge
        (card_id, day, role, agent_id, team_id, calls, seconds, amount, counts)
    SELECT card_id, day, role, agent_id, team_id, calls, seconds, amount, true FROM charged ORDER BY card_id, day""",
)
OTHERS = """
SELECT EXISTS (SELECT FROM billing_usagedaily WHERE role <> ALL(%(roles)s)
    AND day BETWEEN (SELECT min(day) FROM usage_touched) AND (SELECT max(day) FROM usage_touched))
"""
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
    reckoned = list(roles)
    for role in reckoned:
        _forget(role)
        gather_calls(role, span)
        _reckon(role)
    _choose(reckoned)


def add(role: str) -> None:
    """Reckon rollups and charges of the keys whose calls were just stored, and stand in `usage_call`.

    Where none of these keys had a rollup, those are all their calls, and no record need be read.
    """
    span = touch(NEW_KEYS)
    if span is None:
        return
    if _forget(role):
        gather_calls(role, span)
    _reckon(role)
    _choose([role])


def _forget(role: str) -> int:
    """Delete what was reckoned of the touched keys for a role; return how many rollups there were."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"role": role})
        found = int(cursor.rowcount)
        if found:
            cursor.execute(FORGET_CHARGES, {"role": role})
    return found


def _reckon(role: str) -> None:
    with connection.cursor() as cursor:
        for statement in RECKON:
            cursor.execute(statement, {"role": role})


def _choose(roles: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, {"roles": roles})
        if len(roles) > 1 or cursor.fetchone()[0]:
            cursor.execute(CHOOSE)
