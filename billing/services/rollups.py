"""Rollups a card, day and role, reckoned anew for the touched keys in the transaction that touched them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from billing.selectors.usage_sql import BEST, CHARGED, DAILY, DAILY_COLUMNS, gather_calls, touch

NEW_KEYS = "SELECT DISTINCT card_id, day FROM usage_call"
# The days are said once more, so that a new day is known to hold nothing without looking for each card.
DAYS = "BETWEEN (SELECT min(day) FROM usage_touched) AND (SELECT max(day) FROM usage_touched)"
FORGET = f"""
DELETE FROM billing_usagedaily d USING usage_touched t
WHERE d.card_id = t.card_id AND d.day = t.day AND d.role = %(role)s AND d.day {DAYS}
"""
FORGET_CHARGES = """
DELETE FROM billing_usagecharge c USING usage_touched t
WHERE c.card_id = t.card_id AND c.day = t.day AND c.role = %(role)s
"""
HELD = f"""
SELECT EXISTS (SELECT FROM billing_usagedaily WHERE role = %(role)s AND day {DAYS})
"""
RECKON = (
    f"""WITH {DAILY} INSERT INTO billing_usagedaily ({DAILY_COLUMNS})
    SELECT {DAILY_COLUMNS} FROM daily ORDER BY card_id, day""",
    f"""WITH {CHARGED} INSERT INTO billing_usagecharge
        (card_id, day, role, agent_id, team_id, calls, seconds, amount, counts)
    SELECT card_id, day, role, agent_id, team_id, calls, seconds, amount, true FROM charged ORDER BY card_id, day""",
)
FORGET_SUMS = """
WITH touched AS MATERIALIZED (SELECT DISTINCT day FROM usage_touched)
DELETE FROM billing_summedmonth s WHERE EXISTS (SELECT FROM touched WHERE day >= s.month AND day < s.until)
    AND NOT EXISTS (SELECT FROM billing_closedmonth WHERE month >= s.month)
"""
OTHERS = f"""
SELECT EXISTS (SELECT FROM billing_usagedaily WHERE role <> ALL(%(roles)s) AND day {DAYS})
"""
CHOOSE = f"""
WITH {BEST}
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
    _forget_sums()
    reckoned = list(roles)
    for role in reckoned:
        _forget(role)
        gather_calls(role, span)
        _reckon(role)
    _choose(reckoned)


def add(role: str, *, batch: int | None = None) -> None:
    """Reckon rollups and charges of the keys whose calls were just stored, and stand in `usage_call`.

    `batch` is given where they are all the calls it ever stored: then only what others stored is gathered. Where
    their days had no rollup, those are all their calls, and no record need be read.
    """
    span = touch(NEW_KEYS)
    if span is None:
        return
    _forget_sums()
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"role": role})
        held = cursor.fetchone()[0]
    if held:
        _forget(role)
        gather_calls(role, span, beside=batch)
    _reckon(role)
    _choose([role])


def _forget_sums() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET_SUMS)


def _forget(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"role": role})
        cursor.execute(FORGET_CHARGES, {"role": role})


def _reckon(role: str) -> None:
    with connection.cursor() as cursor:
        for statement in RECKON:
            cursor.execute(statement, {"role": role})


def _choose(roles: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, {"roles": roles})
        if len(roles) > 1 or cursor.fetchone()[0]:
            cursor.execute(CHOOSE)
