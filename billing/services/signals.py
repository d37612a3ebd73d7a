"""Keeping what failed calls say of a card."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from billing.importers.layout import Layout
from billing.models import UsageBatch
from billing.rules.signals import CODES

STORE = """
INSERT INTO billing_usagesignal (card_id, at, code, meaning, source_id, batch_id, raw, recorded_at)
SELECT DISTINCT ON (r.card_id, r.started_at, known.code) r.card_id, r.started_at, known.code, known.meaning,
    %(source)s, %(batch)s, left(s.raw, 200), %(now)s
FROM usage_row r
JOIN (SELECT line, upper(trim({failure})) AS code, {raw} AS raw FROM usage_stage) s USING (line)
JOIN unnest(%(codes)s::text[], %(meanings)s::text[]) AS known(code, meaning) ON known.code = s.code
WHERE r.card_id IS NOT NULL AND r.direction = 'out'
ON CONFLICT DO NOTHING
"""


def store_signals(batch: UsageBatch, layout: Layout, *, codes: Mapping[str, str], now: datetime) -> int:
    """Keep the failure codes of the staged calls that are signals of the calling card; return how many were new.

    `codes` are meanings of the source's own codes, beside those known everywhere. Called while the calls are stored.
    """
    if "failure" not in layout.values:
        return 0
    known = {**CODES, **{code.upper(): meaning for code, meaning in codes.items()}}
    statement = STORE.format(failure=layout.values["failure"], raw=layout.values.get("failure_text", "''"))
    given: dict[str, Any] = {"source": batch.source_id, "batch": batch.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(statement, given | {"codes": list(known), "meanings": list(map(str, known.values()))})
        return int(cursor.rowcount)
