"""The last step of an import: from `usage_row` into the tables that stay."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import connection

from billing.importers.layout import Layout
from billing.importers.staging import cells_of, written
from billing.importers.words import WORDS
from billing.models import UsageBatch
from billing.selectors.usage_sql import KEPT_FROM, calls_of, make_calls

# Sorted by the one index: 1.4 times as fast as in the order of the file (perf.md, A2). Nobody stores calls beside this
# (`usage_import.ONE_AT_A_TIME`), so what is known already is left out here, in half the time of ON CONFLICT; of a call
# that stands in the file several times the first is taken.
RECORDS = """
WITH stored AS (
    INSERT INTO billing_usagerecord (card_id, started_at, uid, source_id, batch_id, agent_id, team_id, msisdn,
        direction, counterpart, duration_s, answered, fee, rated_fee, flags)
    SELECT DISTINCT ON (card_id, started_at, uid) card_id, started_at, uid, %(source)s, %(batch)s, agent_id, team_id,
        msisdn, direction, counterpart, duration_s, answered, fee, rated_fee, flags
    FROM usage_row r WHERE card_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM billing_usagerecord u
        WHERE u.card_id = r.card_id AND u.started_at = r.started_at AND u.uid = r.uid
            AND u.started_at >= %(first)s AND u.started_at <= %(last)s
    ) ORDER BY card_id, started_at, uid, line
    RETURNING *
), call AS (INSERT INTO usage_call {calls})
SELECT count(*), count(*) FILTER (WHERE flags > 0) FROM stored
"""
FOUND = """
SELECT count(*) FILTER (WHERE card_id IS NOT NULL), count(*) FILTER (WHERE skipped),
    count(code),
    min(started_at) FILTER (WHERE card_id IS NOT NULL), max(started_at) FILTER (WHERE card_id IS NOT NULL)
FROM usage_row
"""
LINES = """
WITH found AS (SELECT * FROM usage_row WHERE line_id IS NOT NULL AND code IS NULL AND NOT skipped), stored AS (
    INSERT INTO billing_linerecord
        (line_id, agent_id, batch_id, started_at, uid, direction, counterpart, duration_s, answered)
    SELECT line_id, agent_id, %(batch)s, started_at, uid, direction, counterpart, duration_s, answered FROM found
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT (SELECT count(*) FROM stored), (SELECT count(*) FROM found)
"""
REJECTS = """
INSERT INTO billing_usagereject (batch_id, line, "column", value, code, cells, since)
SELECT %(batch)s, r.line, CASE r.place {titles} ELSE '' END, left(CASE r.place {values} ELSE '' END, 200), r.code,
    {cells}, CASE r.code WHEN 'month_dropped' THEN {KEPT_FROM} END
FROM usage_row r JOIN ({written}) s USING (line) WHERE r.code IS NOT NULL ORDER BY r.line
"""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Rows that are calls of cards or lines, those of them that were new, and the odd ones."""

    found: int
    new: int
    flagged: int = 0
    skipped: int = 0
    refused: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def __add__(self, lines: Self) -> "Stored":
        """Return the sum with the calls on voice lines."""
        return Stored(
            found=self.found + lines.found,
            new=self.new + lines.new,
            flagged=self.flagged,
            skipped=self.skipped,
            refused=self.refused,
            first_at=self.first_at,
            last_at=self.last_at,
        )


def store_records(batch: UsageBatch) -> Stored:
    """Store the calls of cards that are not stored yet; `usage_call` then holds them for the rollups."""
    make_calls()
    with connection.cursor() as cursor:
        cursor.execute(FOUND)
        found, skipped, refused, first_at, last_at = cursor.fetchone()
        statement = RECORDS.format(calls=calls_of("stored", batch.source.role))
        known = {"batch": batch.pk, "source": batch.source_id, "first": first_at, "last": last_at}
        cursor.execute(statement, known)
        new, flagged = cursor.fetchone()
    return Stored(
        found=found,
        new=new,
        flagged=flagged,
        skipped=skipped,
        refused=refused,
        first_at=first_at,
        last_at=last_at,
    )


def store_lines(batch: UsageBatch) -> Stored:
    """Store the calls on voice lines that are not stored yet."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"batch": batch.pk})
        new, found = cursor.fetchone()
    return Stored(found=found, new=new)


def store_rejects(batch: UsageBatch, layout: Layout) -> int:
    """Keep the rows that could not be read or resolved, with their cells, and return how many."""
    values = {word.name: layout.values[word.name] for word in WORDS if word.name in layout.values}
    values["own"] = layout.values.get("own", "%(own_number)s")
    titles = {name: layout.titles.get(name, "msisdn") for name in values}
    statement = REJECTS.format(
        titles=" ".join(f"WHEN '{name}' THEN %(title_{name})s" for name in titles),
        values=" ".join(f"WHEN '{name}' THEN {text}" for name, text in values.items()),
        cells=cells_of(layout),
        written=written(layout),
        KEPT_FROM=KEPT_FROM,
    )
    parameters = {f"title_{name}": title for name, title in titles.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            statement, parameters | {"batch": batch.pk, "own_number": layout.own_number, "extensions": [], "lines": []}
        )
        return int(cursor.rowcount)
