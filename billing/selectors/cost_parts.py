"""The statement behind the cost report: whole groups where one held the card, card by card where several did.

Amounts go by kind. `KINDS` are the kinds in the order of the report's columns, and the statement knows each by its
place there, from 1.
"""

from billing.choices import COST_KINDS, EntryKind
from billing.selectors.entry_kinds import COSTS_BESIDE_CALLS, KIND, OF_COST
from cards.choices import RegistrantKind

KINDS = tuple(kind for kind in EntryKind if kind in COST_KINDS)
COMPANY = f"'{RegistrantKind.COMPANY}'"
FEE, CALLS = KINDS.index(EntryKind.MONTHLY_FEE) + 1, KINDS.index(EntryKind.USAGE) + 1
PLACE = f"array_position(ARRAY[{', '.join(repr(kind.value) for kind in KINDS)}]::text[], ({KIND})::text)"

# Where only some teams are asked for: each card of which a piece may be theirs, with all that was of it.
SCOPE = """
scope AS MATERIALIZED (
    SELECT id AS card_id FROM cards_card WHERE team_id = ANY(%(teams)s::bigint[])
    UNION SELECT card_id FROM billing_closedcard WHERE month = %(month)s AND team_id = ANY(%(teams)s::bigint[])
    UNION SELECT card_id FROM agents_assignment WHERE team_id = ANY(%(teams)s::bigint[])
    UNION SELECT card_id FROM billing_closedholding WHERE month = %(month)s AND team_id = ANY(%(teams)s::bigint[])
    UNION SELECT card_id FROM billing_usagemonth WHERE month = %(month)s AND team_id = ANY(%(teams)s::bigint[])
    UNION SELECT card_id FROM billing_usagecharge WHERE counts AND day < %(end)s AND day >= coalesce(
        (SELECT until FROM billing_summedmonth WHERE month = %(month)s), %(month)s)
        AND team_id = ANY(%(teams)s::bigint[])
    UNION SELECT card_id FROM billing_lateusage WHERE month = %(month)s AND team_id = ANY(%(teams)s::bigint[])
), """
ALL, THEIRS = "true", "card_id IN (SELECT scope.card_id FROM scope)"

# Charges on an account that name no card, for each card it paid for, with the days it did in the month.
UNSHARED = f"""
WITH charged AS (
    SELECT e.account_id, {PLACE} AS kind, -sum(e.amount) AS amount
    FROM billing_ledgerentry e
    WHERE e.month = %(month)s AND {OF_COST} AND e.card_id IS NULL AND {KIND} IN {COSTS_BESIDE_CALLS}
    GROUP BY 1, 2
)
SELECT charged.account_id, charged.kind, charged.amount, m.card_id,
    greatest(least(coalesce(m.ends_on, %(end)s), %(end)s) - greatest(m.starts_on, %(month)s), 0)
FROM charged LEFT JOIN billing_accountcard m ON m.account_id = charged.account_id
    AND m.starts_on < %(end)s AND (m.ends_on IS NULL OR m.ends_on > %(month)s)
ORDER BY charged.account_id, charged.kind, m.card_id
"""

MONEY = f"""
spent AS (
    SELECT e.card_id, {PLACE} AS kind, -e.amount AS amount
    FROM billing_ledgerentry e
    WHERE e.month = %(month)s AND {OF_COST} AND e.card_id IS NOT NULL AND {KIND} IN {COSTS_BESIDE_CALLS}
        AND {{theirs}}
    UNION ALL
    SELECT card_id, kind, amount FROM unnest(%(shared_cards)s::bigint[], %(shared_kinds)s::integer[],
        %(shared_amounts)s::numeric[]) AS shared(card_id, kind, amount) WHERE {{theirs}}
), money AS (
    SELECT card_id, kind, sum(amount) AS amount FROM spent GROUP BY card_id, kind
)"""
# The day of a hand-over counts for the receiver; a return in the course of a day leaves the day to who returned.
HELD = """
standing AS (
    SELECT card_id, agent_id, team_id, (started_at AT TIME ZONE 'Asia/Shanghai')::date AS first,
        ended_at AT TIME ZONE 'Asia/Shanghai' AS ended,
        lead((started_at AT TIME ZONE 'Asia/Shanghai')::date)
            OVER (PARTITION BY card_id ORDER BY started_at, id) AS next_first
    FROM agents_assignment
    WHERE undone_at IS NULL AND started_at < %(end)s::timestamp AT TIME ZONE 'Asia/Shanghai'
        AND (ended_at IS NULL OR ended_at > %(month)s::timestamp AT TIME ZONE 'Asia/Shanghai') AND {theirs}
), life AS (
    SELECT card_id, CASE WHEN activated_on BETWEEN %(month)s AND %(end)s::date - 1 THEN activated_on
        ELSE %(month)s::date END AS first
    FROM (SELECT id AS card_id, activated_on FROM cards_card) card WHERE {theirs}
), held AS (
    SELECT s.card_id, s.agent_id, s.team_id, sum(least(%(end)s::date, CASE
            WHEN s.ended IS NULL THEN %(end)s::date
            WHEN s.ended = s.ended::date OR s.next_first = s.ended::date THEN s.ended::date
            ELSE s.ended::date + 1 END) - greatest(s.first, life.first)) AS days
    FROM standing s JOIN life USING (card_id)
    GROUP BY 1, 2, 3
), reckoned AS (
    SELECT card_id, agent_id, team_id, days FROM held WHERE days > 0
    UNION ALL
    SELECT life.card_id, NULL, NULL, %(end)s::date - life.first - coalesce(sums.days, 0)
    FROM life LEFT JOIN (SELECT card_id, sum(days) AS days FROM held WHERE days > 0 GROUP BY 1) sums USING (card_id)
    WHERE %(end)s::date - life.first > coalesce(sums.days, 0)
)"""
HOLDINGS = f"WITH {HELD.format(theirs=ALL)} SELECT card_id, agent_id, team_id, days FROM reckoned"
# A closed month keeps what it was closed with: only one of the two halves is looked at.
HOLDING = f"""{HELD}, holding AS (
    SELECT card_id, agent_id, team_id, days FROM billing_closedholding WHERE month = %(month)s AND {{theirs}}
    UNION ALL
    SELECT card_id, agent_id, team_id, days FROM reckoned
    WHERE NOT EXISTS (SELECT FROM billing_closedmonth WHERE month = %(month)s)
), known AS (
    SELECT card_id, carrier_id, team_id, plan_id, region, purpose, registrant_id
    FROM billing_closedcard WHERE month = %(month)s AND {{theirs}}
    UNION ALL
    SELECT card_id, carrier_id, team_id, plan_id, region, purpose, registrant_id
    FROM (SELECT *, id AS card_id FROM cards_card) card
    WHERE NOT EXISTS (SELECT FROM billing_closedmonth WHERE month = %(month)s) AND {{theirs}}
)"""
PIECES = """
WITH {scope}{money}, {held}, called AS (
    SELECT card_id, agent_id, team_id, calls, seconds, amount
    FROM billing_usagemonth JOIN billing_summedmonth USING (month) WHERE month = %(month)s AND {theirs}
    UNION ALL
    SELECT card_id, agent_id, team_id, sum(calls) AS calls, sum(seconds) AS seconds, sum(amount) AS amount
    FROM billing_usagecharge
    WHERE counts AND day < %(end)s AND {theirs}
        AND day >= coalesce((SELECT until FROM billing_summedmonth WHERE month = %(month)s), %(month)s)
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT card_id, agent_id, team_id, calls, seconds, amount FROM billing_lateusage
    WHERE month = %(month)s AND {theirs}
), piece AS (
    SELECT h.card_id, h.agent_id, h.team_id, h.days,
        CASE WHEN m.card_id IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY h.card_id, m.kind) END AS parts,
        0 AS made, 0 AS seconds, m.kind, m.amount
    FROM holding h LEFT JOIN money m USING (card_id) WHERE m.card_id IS NOT NULL OR h.agent_id IS NOT NULL
    UNION ALL SELECT card_id, agent_id, team_id, 0, 1, calls, seconds, {calls}, amount FROM called
    UNION ALL SELECT NULL, NULL, NULL, 0, 1, 0, 0, m.kind, m.amount FROM money m WHERE m.card_id IS NULL
), seen AS (
    SELECT piece.*, {key} AS key,
        {narrow} AND (%(teams)s::bigint[] IS NULL OR coalesce(coalesce(piece.team_id, CASE WHEN piece.agent_id IS NULL
            THEN c.team_id END) = ANY(%(teams)s::bigint[]), false)) AS visible
    FROM piece LEFT JOIN known c USING (card_id)
    LEFT JOIN cards_registrant unit ON unit.id = c.registrant_id AND unit.kind = {company}
)
SELECT 'group', 0, key, 0, true, count(DISTINCT card_id), count(DISTINCT agent_id), sum(made)::bigint,
    sum(seconds)::bigint, {fee}, coalesce(sum(amount) FILTER (WHERE kind = {fee} AND parts = 1), 0),
    coalesce(sum(amount) FILTER (WHERE kind = {calls}), 0)
FROM seen WHERE visible GROUP BY key
UNION ALL
SELECT 'all', 0, NULL, 0, true, count(DISTINCT card_id), count(DISTINCT agent_id), 0, 0, {fee}, 0, 0
FROM seen WHERE visible
UNION ALL
SELECT 'kind', 0, key, 0, true, 0, 0, 0, 0, kind, sum(amount), 0
FROM seen WHERE visible AND parts = 1 AND kind NOT IN ({fee}, {calls}) GROUP BY key, kind
UNION ALL
SELECT 'split', card_id, key, days, visible, 0, 0, 0, 0, kind, amount, 0 FROM
    (SELECT * FROM seen WHERE parts > 1 ORDER BY card_id, kind, agent_id NULLS LAST, team_id) s
"""
KEYS = {
    "team": "piece.team_id",
    "agent": "piece.agent_id",
    "card": "piece.card_id",
    "carrier": "c.carrier_id",
    "plan": "c.plan_id",
    "region": "nullif(c.region, '')",
    "purpose": "c.purpose",
    "entity": "unit.id",
}
TEXT_KEYS = frozenset({"region", "purpose"})
"""Groupings whose key is a text; that of all others is an id."""


def statement(by: str, of: str | None, *, all_teams: bool) -> str:
    """Return the statement that groups by one thing, narrowed to the group `of_key` of another where one is named.

    Unless `all_teams` are asked for, it looks at the cards of `teams` alone.
    """
    narrow = f"{KEYS[of]} IS NOT DISTINCT FROM %(of_key)s" if of else "true"
    scope, theirs = ("", ALL) if all_teams else (SCOPE, THEIRS)
    return PIECES.format(
        scope=scope,
        theirs=theirs,
        money=MONEY.format(theirs=theirs),
        held=HOLDING.format(theirs=theirs),
        key=KEYS[by],
        narrow=narrow,
        fee=FEE,
        calls=CALLS,
        company=COMPANY,
    )
