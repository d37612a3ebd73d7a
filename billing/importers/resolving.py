"""One set-based pass from staged text to `usage_row`: a typed row a call, whose it is, what it cost, or why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from billing.choices import SourceRole
from billing.importers import copying, owners, plain
from billing.importers.layout import Layout
from billing.importers.words import WORDS
from billing.selectors.usage_sql import KEPT_FROM

# What a plan's bundle holds is the month's, so its outgoing calls are rated with the month (`services.rating`).
PER_MINUTE = "CASE WHEN read.direction = 'out' THEN price.outgoing ELSE price.incoming END"
RESOLVE = """
CREATE TEMPORARY TABLE usage_row AS
SELECT read.line, read.started_at, read.direction, read.counterpart, read.duration_s, read.answered, read.fee,
    coalesce(owner.msisdn, '') AS msisdn, {line} AS line_id,
    CASE WHEN read.code IS NULL AND owner.code IS NULL AND NOT read.skipped AND {line} IS NULL AND NOT {dropped}
         THEN owner.card_id END AS card_id,
    coalesce(held.agent_id, owner.agent_id) AS agent_id, held.team_id,
    md5(concat_ws('|', %(role)s, {uid}))::uuid AS uid,
    CASE WHEN read.duration_s > 0 AND {per_minute} > 0
         THEN round({per_minute} * greatest(
            least_s, (read.duration_s + rounding_s - 1) / rounding_s * rounding_s) / 60, 2)
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
FROM ({rows}) read
LEFT JOIN usage_owner owner ON owner.written = read.own
    AND read.started_at >= owner.valid_from AND read.started_at < owner.valid_to
{trunk}
LEFT JOIN agents_assignment held ON held.card_id = owner.card_id AND held.undone_at IS NULL
    AND held.started_at <= read.started_at AND (held.ended_at IS NULL OR held.ended_at > read.started_at)
LEFT JOIN (
    SELECT plan_id, CASE WHEN included_minutes = 0 THEN minute_price ELSE 0 END AS outgoing,
        incoming_price AS incoming, rounding_s, least_s,
        effective_from::timestamp AT TIME ZONE 'Asia/Shanghai' AS starts,
        coalesce(effective_to::timestamp AT TIME ZONE 'Asia/Shanghai', 'infinity') AS ends
    FROM cards_planprice OFFSET 0
) price ON price.plan_id = owner.plan_id AND price.starts <= read.started_at AND price.ends > read.started_at
"""
# Rows staged as text, and those in typed columns. OFFSET 0 keeps the planner from working a value out once for each
# place that uses it.
BY_RULES = """
    SELECT raw.line, raw.own, raw.trunk, raw.uid, raw.skipped, {values},
        CASE WHEN raw.shape <> '' THEN raw.shape {codes} END AS code,
        CASE WHEN raw.shape <> '' THEN 'row' {places} END AS place
    FROM ({raw}) raw {joins}
    OFFSET 0
"""
PLAIN = """
    SELECT line, {own} AS own, '' AS trunk, {uid} AS uid, false AS skipped, {values}, NULL AS code, NULL AS place
    FROM usage_plain
"""
TRUNK = """LEFT JOIN usage_owner trunk ON trunk.written = read.trunk AND trunk.line_id IS NOT NULL
    AND read.started_at >= trunk.valid_from AND read.started_at < trunk.valid_to"""
# The leg that was answered is the call; of several, the first in the file.
FURTHER_LEG = """({call} IS NOT NULL AND row_number() OVER (
    PARTITION BY {call} ORDER BY {answered} = 'yes' DESC, line) > 1)"""
DROPPED = f"(read.started_at < (SELECT {KEPT_FROM}::timestamp AT TIME ZONE 'Asia/Shanghai'))"
NATURAL_KEY = "read.counterpart, read.direction, read.duration_s"


def resolve(layout: Layout, *, role: SourceRole, now: datetime, aliases: Mapping[str, Any]) -> None:
    """Make `usage_row` of the staged rows; exactly one of card_id, line_id, skipped and code says what a row is."""
    copying.make("usage_row", "line integer")
    uid = f"CASE WHEN read.uid <> '' THEN 'uid ' || read.uid ELSE concat_ws('|', {NATURAL_KEY}) END"
    rows = [_by_rules(layout)]
    if values := plain.values(layout):
        rows.append(_plain(values))
    statement = RESOLVE.format(
        rows=" UNION ALL ".join(f"({part})" for part in rows),
        trunk=TRUNK if "trunk" in layout.values else "",
        per_minute=PER_MINUTE,
        line="trunk.line_id" if "trunk" in layout.values else "NULL::bigint",
        dropped=DROPPED,
        uid=uid if "uid" in layout.values else NATURAL_KEY,
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.usage_row")
        cursor.execute(statement, {**aliases, "role": role, "now": now})


def _by_rules(layout: Layout) -> str:
    return BY_RULES.format(
        raw=_raw(layout),
        values=_select(_values(layout)),
        joins=" ".join(f"LEFT JOIN {word.table} ON {word.table}.written = raw.{word.name}" for word in WORDS),
        codes=" ".join(f"WHEN {word.table}.code IS NOT NULL THEN {word.table}.code" for word in WORDS),
        places=" ".join(f"WHEN {word.table}.code IS NOT NULL THEN '{word.name}'" for word in WORDS),
    )


def _plain(values: Mapping[str, str]) -> str:
    """Return the rows in typed columns, with the columns of the others and in their order."""
    read = {word.name: values.get(word.name, f"NULL::{word.type}") for word in WORDS}
    read["answered"] = f"coalesce({read['answered']}, {read['duration']} > 0)"
    return PLAIN.format(own=owners.key(values), uid=values.get("uid", "''"), values=_select(read))


def _raw(layout: Layout) -> str:
    """Return the rows with a text for every value, and whether they are no calls of a card."""
    texts = {word.name: layout.values.get(word.name, "''") for word in WORDS}
    texts |= {name: layout.values.get(name, "''") for name in ("trunk", "uid")}
    skips = [layout.values[name] for name in ("internal",) if name in layout.values]
    if "call" in layout.values:
        skips.append(FURTHER_LEG.format(call=layout.values["call"], answered=texts["answered"]))
    columns = ", ".join(f"{text} AS {name}" for name, text in texts.items())
    skipped = " OR ".join(skips) or "false"
    return f"SELECT line, shape, {columns}, {owners.key(layout.values)} AS own, ({skipped}) AS skipped FROM usage_stage"


def _values(layout: Layout) -> dict[str, str]:
    """Return SQL for the typed values: read where the spelling is plain, else looked up."""
    values = {}
    for word in WORDS:
        looked_up = f"{word.table}.value"
        by_sql = word.plain and f"CASE WHEN {word.plain} THEN {word.read_plain} ELSE {looked_up} END"
        values[word.name] = by_sql.format(f"raw.{word.name}") if by_sql else looked_up
    values["answered"] = f"coalesce({values['answered']}, {values['duration']} > 0)"
    return values


def _select(values: Mapping[str, str]) -> str:
    names = {"started": "started_at", "duration": "duration_s"}
    return ", ".join(f"{text} AS {names.get(name, name)}" for name, text in values.items())
