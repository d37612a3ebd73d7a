"""Storing what an assessment found: a few statements for a fleet, and only the rows that changed.

What was found goes to the server as JSON, a chunk of cards at a time. Risks are kept in a table of the session until
all are known: of the cards in `card_input` without one no rule says anything, and their score is 0.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from cardfleet.journal.recording import Deed, record_many
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding as Found
from lifecycle.rules.risk import Risk

BEGIN = """
DROP TABLE IF EXISTS pg_temp.card_risk;
CREATE TEMPORARY TABLE card_risk (
    card_id bigint PRIMARY KEY, score integer, band text, drivers jsonb, advice jsonb, limit_at timestamptz
)"""
KEEP = "INSERT INTO card_risk SELECT * FROM json_populate_recordset(NULL::card_risk, %s::json)"
VALUES = ("rule_id", "severity", "value", "warn", '"limit"', "points", "limit_at", "code", "params", "advice")
COLUMNS = ", ".join(["card_id", "day", "kind", "seen_at", "evidence", *VALUES])
STOOD, FRESH = (", ".join(f"{table}.{name}" for name in VALUES) for table in ("stood", "excluded"))
# What was found once today stays, also when it no longer holds: it is the evidence of the day.
FINDINGS = f"""
INSERT INTO lifecycle_finding AS stood ({COLUMNS})
SELECT {COLUMNS} FROM json_populate_recordset(NULL::lifecycle_finding, %s::json)
ON CONFLICT (card_id, day, kind) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in ("seen_at", "evidence", *VALUES))}
WHERE ({STOOD}) IS DISTINCT FROM ({FRESH})
"""  # noqa: S608 - our own words
BANDS = """
SELECT old.card_id, old.score, coalesce(risk.score, 0), coalesce(risk.drivers, '[]')
FROM lifecycle_riskassessment old JOIN card_input input USING (card_id) LEFT JOIN card_risk risk USING (card_id)
WHERE input.service_state <> ALL(%(unassessed)s) AND old.band <> coalesce(risk.band, 'low')
"""
# The cap that holds for a card is asked once for each scope that occurs; a rule for a card itself comes first.
RISKS = """
WITH cap AS (
    SELECT * FROM json_to_recordset(%(caps)s::json) AS cap(
        card_id bigint, carrier_id bigint, plan_id bigint, region text, industry text, agreed integer, calls integer)
), new AS (
    SELECT input.card_id, coalesce(risk.score, 0) AS score, coalesce(risk.band, 'low') AS band,
        coalesce(risk.drivers, '[]') AS drivers, coalesce(risk.advice, '[]') AS advice, risk.limit_at,
        coalesce(input.calls, 0) AS calls_today,
        CASE WHEN own.card_id IS NULL THEN general.calls ELSE own.calls END AS call_limit
    FROM card_input input LEFT JOIN card_risk risk USING (card_id)
    LEFT JOIN cap own ON own.card_id = input.card_id
    LEFT JOIN cap general ON general.card_id IS NULL AND general.carrier_id = input.carrier_id
        AND coalesce(general.plan_id, 0) = coalesce(input.plan_id, 0) AND general.region = input.region
        AND general.industry = input.industry AND coalesce(general.agreed, -1) = coalesce(input.agreed, -1)
    WHERE input.service_state <> ALL(%(unassessed)s)
)
INSERT INTO lifecycle_riskassessment (card_id, score, band, drivers, advice, limit_at, calls_today, call_limit,
    assessed_at, facts_as_of)
SELECT new.*, %(now)s, %(as_of)s FROM new LEFT JOIN lifecycle_riskassessment old USING (card_id)
WHERE old.card_id IS NULL OR
    (old.score, old.band, old.drivers, old.advice, old.limit_at, old.calls_today, old.call_limit) IS DISTINCT FROM
    (new.score, new.band, new.drivers, new.advice, new.limit_at, new.calls_today, new.call_limit)
ON CONFLICT (card_id) DO UPDATE SET score = excluded.score, band = excluded.band, drivers = excluded.drivers,
    advice = excluded.advice, limit_at = excluded.limit_at, calls_today = excluded.calls_today,
    call_limit = excluded.call_limit, assessed_at = excluded.assessed_at, facts_as_of = excluded.facts_as_of
"""
RISK_DAYS = """
INSERT INTO lifecycle_riskday (card_id, day, score)
SELECT input.card_id, %(day)s, coalesce(risk.score, 0)
FROM card_input input LEFT JOIN card_risk risk USING (card_id)
LEFT JOIN lifecycle_riskday old ON old.card_id = input.card_id AND old.day = %(day)s
WHERE input.service_state <> ALL(%(unassessed)s) AND old.score IS DISTINCT FROM coalesce(risk.score, 0)
ON CONFLICT (card_id, day) DO UPDATE SET score = excluded.score
"""


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """A card of which rules said something."""

    card_id: int
    facts: CardFacts
    found: Sequence[Found]
    risk: Risk


def begin() -> None:
    """Make room for the risks of a run."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN)


def keep(assessed: Sequence[Assessed], *, day: date, now: datetime) -> None:
    """Store the day's findings of a chunk of cards, and keep their risks until `settle`."""
    _send(KEEP, [_risk_row(one) for one in assessed])
    _send(FINDINGS, [row for one in assessed for row in _finding_rows(one, day, now)])


def settle(
    *, unassessed: Collection[str], caps: Sequence[Mapping[str, Any]], day: date, now: datetime, as_of: datetime
) -> int:
    """Store the risks and the day's scores of all cards in `card_input` but those in some states.

    `caps` are the most calls a day by scope, or by card. Returns how many risks changed; a change of band is
    journalled.
    """
    parameters: dict[str, Any] = {
        "unassessed": sorted(unassessed),
        "caps": orjson.dumps(caps).decode(),
        "day": day,
        "now": now,
        "as_of": as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pg_temp.card_risk (card_id)")
        cursor.execute(BANDS, parameters)
        deeds = [_deed(*row) for row in cursor.fetchall()]
        cursor.execute(RISKS, parameters)
        changed = int(cursor.rowcount)
        cursor.execute(RISK_DAYS, parameters)
    if deeds:
        record_many(deeds, actor=None, now=now)
    return changed


def _send(statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(rows, default=str).decode()])


def _deed(card_id: int, before: int, score: int, drivers: Any) -> Deed:
    kinds = [driver["kind"] for driver in orjson.loads(drivers)]
    data = {"score": [before, score], "kinds": kinds}
    reason = f"{before} → {score}"
    return Deed(action="lifecycle.risk_changed", subject=f"cards.card:{card_id}", reason=reason, data=data)


def _risk_row(one: Assessed) -> dict[str, Any]:
    return {
        "card_id": one.card_id,
        "score": one.risk.score,
        "band": one.risk.band,
        "drivers": [driver.as_json() for driver in one.risk.drivers],
        "advice": one.risk.advice,
        "limit_at": one.risk.limit_at,
    }


def _finding_rows(one: Assessed, day: date, now: datetime) -> Iterator[dict[str, Any]]:
    points = {driver.finding.kind: driver.points for driver in one.risk.drivers}
    for found in one.found:
        if found.rule_id is None:
            continue
        yield {
            "card_id": one.card_id,
            "rule_id": found.rule_id,
            "kind": found.kind,
            "day": day,
            "severity": found.severity,
            "value": found.value,
            "warn": found.warn,
            "limit": found.limit,
            "points": points.get(found.kind, 0),
            "limit_at": found.limit_at,
            "code": found.code,
            "params": found.params,
            "evidence": found.evidence,
            "advice": found.advice,
            "seen_at": now,
        }
