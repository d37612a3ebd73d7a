"""The statements of `gathering`: a pass over the day's calls, one over its callees, one over its rollups."""

from lifecycle.selectors.groups import ENTITY_OF

FORGET = (
    "DELETE FROM lifecycle_cardconduct WHERE day < %(kept)s OR day = %(day)s",
    "DELETE FROM lifecycle_groupday WHERE day < %(kept)s OR day = %(day)s",
)
HASHES = """
DROP TABLE IF EXISTS pg_temp.callee_hash;
CREATE TEMPORARY TABLE callee_hash (counterpart text COLLATE "C", hash text)
"""
LEAST_PAUSES = 10
# Whether what a callee said held when the call was made, and for the card's purpose.
HELD = """listing.given_at <= called.started_at
    AND (listing.ended_at IS NULL OR listing.ended_at > called.started_at)
    AND (listing.expires_at IS NULL OR listing.expires_at > called.started_at)"""
# One call that two roles saw is one: of the roles the one that saw most speaks.
CONDUCT = f"""
INSERT INTO lifecycle_cardconduct (card_id, day, short_gap_s, to_do_not_call, without_consent, abroad,
    most_to_one_24h, most_to_one_30d)
WITH pause AS (
    SELECT record.card_id, source.role, date_part('epoch', record.started_at - lag(
        record.started_at + record.duration_s * interval '1 second')
        OVER (PARTITION BY record.card_id, source.role ORDER BY record.started_at))::integer AS seconds
    FROM billing_usagerecord record JOIN billing_usagesource source ON source.id = record.source_id
    WHERE record.started_at >= %(start)s AND record.started_at < %(end)s AND record.direction = 'out'
), gap AS (
    SELECT card_id, min(short) AS short FROM (
        SELECT card_id, percentile_disc(0.1) WITHIN GROUP (ORDER BY greatest(seconds, 0)) AS short
        FROM pause WHERE seconds IS NOT NULL GROUP BY card_id, role HAVING count(*) >= {LEAST_PAUSES}
    ) by_role GROUP BY card_id
), called AS MATERIALIZED (
    SELECT day.counterpart, day.role, call.started_at, call.card_id
    FROM billing_calleeday day CROSS JOIN unnest(day.starts, day.cards) AS call (started_at, card_id)
    WHERE day.day = %(day)s
), listed AS (
    SELECT called.card_id, called.role,
        count(*) FILTER (WHERE EXISTS (
            SELECT 1 FROM agents_calleelisting listing WHERE listing.number_hash = hashed.hash
                AND listing.kind = 'do_not_call' AND {HELD}
                AND (listing.purpose = '' OR listing.purpose = card.purpose))) AS refused,
        count(*) FILTER (WHERE NOT EXISTS (
            SELECT 1 FROM agents_calleelisting listing WHERE listing.number_hash = hashed.hash
                AND listing.kind = 'consent' AND {HELD}
                AND (listing.purpose = '' OR listing.purpose = card.purpose))) AS unasked
    FROM called JOIN callee_hash hashed USING (counterpart) JOIN cards_card card ON card.id = called.card_id
    GROUP BY called.card_id, called.role
), abroad AS (
    SELECT card_id, role, count(*) AS calls FROM called
    WHERE counterpart LIKE '+%%' AND counterpart NOT LIKE '+86%%' GROUP BY card_id, role
), asked AS MATERIALIZED (
    SELECT DISTINCT counterpart FROM called
), month AS (
    SELECT counterpart, max(calls) AS calls FROM (
        SELECT day.counterpart, day.role, sum(cardinality(day.starts)) AS calls
        FROM asked JOIN billing_calleeday day USING (counterpart)
        WHERE day.day > %(since_month)s AND day.day <= %(day)s GROUP BY day.counterpart, day.role
    ) by_role GROUP BY counterpart
), hours AS (
    SELECT counterpart, max(calls) AS calls FROM (
        SELECT day.counterpart, day.role, count(*) AS calls
        FROM asked JOIN billing_calleeday day USING (counterpart) CROSS JOIN unnest(day.starts) AS started_at
        WHERE day.day >= %(day)s - 1 AND day.day <= %(day)s
            AND started_at > %(since_day)s AND started_at <= %(moment)s
        GROUP BY day.counterpart, day.role
    ) by_role GROUP BY counterpart
), repeated AS (
    SELECT called.card_id, max(month.calls) AS in_month, max(hours.calls) AS in_hours
    FROM (SELECT DISTINCT card_id, counterpart FROM called) called
    JOIN month USING (counterpart) LEFT JOIN hours USING (counterpart) GROUP BY called.card_id
), card AS (
    SELECT card_id FROM gap UNION SELECT card_id FROM repeated
)
SELECT card.card_id, %(day)s, gap.short, coalesce((SELECT max(refused) FROM listed WHERE card_id = card.card_id), 0),
    CASE WHEN %(any_consent)s THEN coalesce((SELECT max(unasked) FROM listed WHERE card_id = card.card_id), 0) END,
    coalesce((SELECT max(calls) FROM abroad WHERE card_id = card.card_id), 0),
    coalesce(repeated.in_hours, 0), coalesce(repeated.in_month, 0)
FROM card LEFT JOIN gap USING (card_id) LEFT JOIN repeated USING (card_id)
"""  # noqa: S608 - our own words
HOURS = ", ".join(f"coalesce(sum(hours[{hour}]), 0)" for hour in range(1, 25))
ENTITY = f"entity AS (SELECT team.id AS team_id, {ENTITY_OF} AS entity_id FROM accounts_team team)"  # noqa: S608
# Calls count for who held the card when they were made; the hours of a card's day for who called most with it.
GROUPS = f"""
INSERT INTO lifecycle_groupday (day, per, key, cards, calls, seconds, hours, in_service, idle)
WITH {ENTITY}, best AS (
    SELECT DISTINCT ON (card_id) card_id, role, hours FROM billing_usagedaily
    WHERE day = %(day)s ORDER BY card_id, calls DESC, role
), used AS (
    SELECT best.card_id, agent.user_id, coalesce(charge.team_id, card.team_id) AS team_id, card.purpose, card.industry,
        charge.calls, charge.seconds,
        CASE WHEN row_number() OVER (PARTITION BY best.card_id ORDER BY charge.calls DESC) = 1
            THEN best.hours END AS hours
    FROM best CROSS JOIN LATERAL (
        SELECT agent_id, team_id, calls, seconds FROM billing_usagecharge
        WHERE card_id = best.card_id AND day = %(day)s AND role = best.role OFFSET 0
    ) charge
    JOIN cards_card card ON card.id = best.card_id LEFT JOIN agents_agent agent ON agent.id = charge.agent_id
), member AS (
    SELECT 'agent' AS per, user_id::text AS key, used.* FROM used WHERE user_id IS NOT NULL
    UNION ALL SELECT 'team', team_id::text, used.* FROM used WHERE team_id IS NOT NULL
    UNION ALL SELECT 'entity', entity_id::text, used.* FROM used JOIN entity USING (team_id)
    UNION ALL
    SELECT 'campaign', concat(entity_id, '/', purpose, '/', industry), used.* FROM used JOIN entity USING (team_id)
), total AS (
    SELECT per, key, count(DISTINCT card_id) FILTER (WHERE calls > 0) AS cards, sum(calls) AS calls,
        sum(seconds) AS seconds, ARRAY[{HOURS}]::integer[] AS hours
    FROM member GROUP BY per, key
), stock AS (
    SELECT 'entity' AS per, entity.entity_id::text AS key, count(*) AS in_service,
        count(*) FILTER (WHERE NOT EXISTS (
            SELECT 1 FROM billing_usagedaily daily
            WHERE daily.card_id = card.id AND daily.day > %(idle_since)s AND daily.day <= %(day)s)
            AND coalesce(card.activated_on, card.created_at::date) <= %(idle_since)s) AS idle
    FROM cards_card card JOIN entity ON entity.team_id = card.team_id WHERE card.service_state = 'active'
    GROUP BY entity.entity_id
)
SELECT %(day)s, per, key, coalesce(cards, 0), coalesce(calls, 0), coalesce(seconds, 0),
    coalesce(hours, array_fill(0, ARRAY[24])), coalesce(in_service, 0), coalesce(idle, 0)
FROM total FULL JOIN stock USING (per, key)
"""  # noqa: S608 - our own words
