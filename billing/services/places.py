"""Keeping where cards were when they called, of the formats that tell it."""

from typing import Any

from django.db import connection

from billing.importers.layout import Layout
from billing.models import UsageBatch
from billing.rules.regions import province_of

PLACES = "SELECT DISTINCT {place} FROM usage_stage"
STORE = """
INSERT INTO billing_usageplace (card_id, day, province, batch_id)
SELECT DISTINCT r.card_id, (r.started_at AT TIME ZONE 'Asia/Shanghai')::date, named.province, %(batch)s
FROM usage_row r
JOIN (SELECT line, {place} AS place FROM usage_stage) s USING (line)
JOIN unnest(%(places)s::text[], %(provinces)s::text[]) AS named(place, province) ON named.place = s.place
WHERE r.card_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


def store_places(batch: UsageBatch, layout: Layout) -> int:
    """Keep in which provinces the cards of the staged calls were, day by day; return how many rows were new."""
    if "place" not in layout.values:
        return 0
    place = layout.values["place"]
    with connection.cursor() as cursor:
        cursor.execute(PLACES.format(place=place))
        named = {text: province for (text,) in cursor.fetchall() if (province := province_of(text))}
        given: dict[str, Any] = {"batch": batch.pk, "places": list(named), "provinces": list(named.values())}
        cursor.execute(STORE.format(place=place), given)
        return int(cursor.rowcount)
