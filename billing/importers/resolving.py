"""One set-based pass from staged text to `usage_row`: a typed row a call, whose it is, what it cost, or why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from billing.choices import SourceRole
from billing.importers import copying, owners
from billing.importers.layout import Layout
from billing.importers.words import WORDS
from billing.selectors.usage_sql import KEPT_FROM

# OFFSET 0 keeps the planner from working a value out once for each place that uses it.
RESOLVE = """
CREATE TEMPORARY TABLE usage_row AS
SELECT read.line, read.started_at, read.direction, read.counterpart, read.duration_s, read.answered, read.fee,
    coalesce(owner.msisdn, '') AS msisdn, {line} AS line_id,
    CASE WHEN read.code IS NULL AND owner.code IS NULL AND NOT read.skipped AND {line} IS NULL AND NOT {dropped}
         THEN owner.card_id END AS card_id,
    coalesce(held.agent_id, owner.agent_id) AS agent_id, held.team_id,
    md5(concat_ws('|', %(role)s, {uid}))::uuid AS uid,
    CASE WHEN read.direction = 'out' AND price.minute_price > 0 AND read.duration_s > 0
         THEN round(price.minute_price * ceil(read.duration_s::numeric / price.rounding_s) * price.rounding_s / 60, 2)
         ELSE 0 END AS rated_fee,
    (read.started_at < owner.life_from OR read.started_at >= owner.life_to)::integer
        + 2 * (read.started_at > %(now)s)::integer AS flags,
    read.skipped,
    CASE WHEN read.skipped THEN NULL
         WHEN read.code IS NOT NULL THEN read.code
         WHEN {dropped} THEN 'month_dropped'
         WHEN {line} IS NOT NULL THEN NULL
         WHEN owner.code IS NOT NULL THEN owner.code
         WHEN owner.card_id IS NULL THEN 'unknown_card' END AS code,
    CASE WHEN read.code IS NULL AND {dropped} THEN 'started' ELSE coalesce(read.place, 'own') END AS place
FROM (
    SELECT raw.line, raw.own, raw.trunk, raw.uid, raw.skipped, {values},
        CASE WHEN raw.shape <> '' THEN raw.shape {codes} END AS code,
        CASE WHEN raw.shape <> '' THEN 'row' {places} END AS place
    FROM ({raw}) raw {joins}
    OFFSET 0
) read
LEFT JOIN usage_owner owner ON owner.written = read.own
    AND read.started_at >= owner.valid_from AND read.started_at < owner.valid_to
{trunk}
LEFT JOIN agents_assignment held ON held.card_id = owner.card_id AND held.undone_at IS NULL
    AND held.started_at <= read.started_at AND (held.ended_at IS NULL OR held.ended_at > read.started_at)
LEFT JOIN cards_planprice price ON price.plan_id = owner.plan_id
    AND price.effective_from <= (read.started_at AT TIME ZONE 'Asia/Shanghai')::date
    AND (price.effective_to IS NULL OR price.effective_to > (read.started_at AT TIME ZONE 'Asia/Shanghai')::date)
"""
TRUNK = """LEFT JOIN usage_owner trunk ON trunk.written = read.trunk AND trunk.line_id IS NOT NULL
    AND read.started_at >= trunk.valid_from AND read.started_at < trunk.valid_to"""
# The leg that was answered is the call; of several, the first in the file.
FURTHER_LEG = """({call} IS NOT NULL AND row_number() OVER (
    PARTITION BY {call} ORDER BY {answered} = 'yes' DESC, line) > 1)"""
DROPPED = f"(read.started_at < {KEPT_FROM}::timestamp AT TIME ZONE 'Asia/Shanghai')"
NATURAL_KEY = "read.counterpart, read.direction, read.duration_s"


def resolve(layout: Layout, *, role: SourceRole, now: datetime, aliases: Mapping[str, Any]) -> None:
    """Make `usage_row` of the staged rows; exactly one of card_id, line_id, skipped and code says what a row is."""
    copying.make("usage_row", "line integer")
    uid = f"CASE WHEN read.uid <> '' THEN 'uid ' || read.uid ELSE concat_ws('|', {NATURAL_KEY}) END"
    statement = RESOLVE.format(
        raw=_raw(layout),
        values=", ".join(_values(layout)),
        joins=" ".join(f"LEFT JOIN {word.table} ON {word.table}.written = raw.{word.name}" for word in WORDS),
        codes=" ".join(f"WHEN {word.table}.code IS NOT NULL THEN {word.table}.code" for word in WORDS),
        places=" ".join(f"WHEN {word.table}.code IS NOT NULL THEN '{word.name}'" for word in WORDS),
        trunk=TRUNK if "trunk" in layout.values else "",
        line="trunk.line_id" if "trunk" in layout.values else "NULL::bigint",
        dropped=DROPPED,
        uid=uid if "uid" in layout.values else NATURAL_KEY,
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.usage_row")
        cursor.execute(statement, {**aliases, "role": role, "now": now})
    copying.analyze("usage_row")


def _raw(layout: Layout) -> str:
    """Return the rows with a text for every value, and whether they are no calls of a card."""
    texts = {word.name: layout.values.get(word.name, "''") for word in WORDS}
    texts |= {name: layout.values.get(name, "''") for name in ("trunk", "uid")}
    skips = [layout.values[name] for name in ("internal",) if name in layout.values]
    if "call" in layout.values:
        skips.append(FURTHER_LEG.format(call=layout.values["call"], answered=texts["answered"]))
    columns = ", ".join(f"{text} AS {name}" for name, text in texts.items())
    skipped = " OR ".join(skips) or "false"
    return f"SELECT line, shape, {columns}, {owners.key(layout)} AS own, ({skipped}) AS skipped FROM usage_stage"


def _values(layout: Layout) -> list[str]:
    """Return SQL for the typed values: read where the spelling is plain, else looked up."""
    values = {}
    for word in WORDS:
        looked_up = f"{word.table}.value"
        plain = word.plain and f"CASE WHEN {word.plain} THEN {word.read_plain} ELSE {looked_up} END"
        values[word.name] = plain.format(f"raw.{word.name}") if plain else looked_up
    values["answered"] = f"coalesce({values['answered']}, {values['duration']} > 0)"
    names = {"started": "started_at", "duration": "duration_s"}
    return [f"{text} AS {names.get(name, name)}" for name, text in values.items()]
