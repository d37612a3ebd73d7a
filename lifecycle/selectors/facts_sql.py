"""One statement for every input of the rules, a row a card: for some cards or for the fleet.

It passes once over the rollups of the last weeks and twice over the ledger. A card that only one role of source saw
has one row a day, and its sums are plain; only of cards that several roles saw a day's row is chosen.
"""

from billing.selectors.entry_kinds import IS_CHARGE
from cardfleet.kernel.compiled import NAMED

# Of the roles that saw a day the one with most calls counts for caps, the carrier for cost (design, section 5).
USAGE = """
today AS (
    SELECT DISTINCT ON (card_id) card_id, calls, answered, under_5, under_10, under_15, under_30, distinct_callees,
        most_to_one, most_in_60, most_in_10, hours, seconds
    FROM billing_usagedaily WHERE day = %(today)s AND {of_cards}
    ORDER BY card_id, calls DESC, role
), span AS MATERIALIZED (
    SELECT card_id, max(day) AS last_on, min(hashtext(role)) <> max(hashtext(role)) AS is_mixed,
        sum(seconds) FILTER (WHERE day >= %(month)s) AS seconds,
        sum(cost) FILTER (WHERE day >= %(burn_since)s AND day < %(today)s) AS cost
    FROM billing_usagedaily
    WHERE day >= least(%(month)s, %(burn_since)s) AND day <= %(today)s AND {of_cards}
    GROUP BY card_id
), chosen AS (
    SELECT card_id, day, max(seconds) AS seconds,
        (array_agg(cost ORDER BY role = 'carrier' DESC, calls DESC))[1] AS cost
    FROM billing_usagedaily
    WHERE day >= least(%(month)s, %(burn_since)s) AND day <= %(today)s
        AND card_id IN (SELECT card_id FROM span WHERE is_mixed)
    GROUP BY card_id, day
), called AS (
    SELECT card_id, last_on, seconds, cost FROM span WHERE NOT is_mixed
    UNION ALL
    SELECT card_id, max(day), sum(seconds) FILTER (WHERE day >= %(month)s),
        sum(cost) FILTER (WHERE day >= %(burn_since)s AND day < %(today)s)
    FROM chosen GROUP BY card_id
)"""
# The balance to act on is the carrier's last word and what was posted since (see billing.selectors.balances); one
# that is only a sum of charges, which nobody ever set money against, is not known.
MONEY = """
charged AS MATERIALIZED (
    SELECT account_id, card_id, -sum(amount) FILTER (WHERE month = %(month)s) AS this_month,
        -sum(amount) FILTER (WHERE month = %(last_month)s) AS last_month,
        -sum(amount) FILTER (WHERE month < %(month)s) AS past, bool_or(month = %(last_month)s) AS in_last,
        bool_or(month = %(past_since)s) AS in_first,
        bool_or(month > %(past_since)s AND month < %(last_month)s) AS in_second
    FROM billing_ledgerentry e
    WHERE month >= %(past_since)s AND month <= %(month)s AND {is_charge} AND ({of_cards} OR {of_accounts})
    GROUP BY account_id, card_id
), fees AS (
    SELECT card_id, sum(this_month) AS this_month,
        CASE WHEN bool_or(in_first) AND bool_or(in_second) AND bool_or(in_last) THEN sum(past) / 3 END AS mean
    FROM charged GROUP BY card_id
), billed AS (
    SELECT account_id, sum(this_month) AS this_month, sum(last_month) AS last_month FROM charged GROUP BY account_id
), member AS MATERIALIZED (
    SELECT m.card_id, m.account_id, sum(called.cost) OVER account AS calls, sum(price.monthly_fee) OVER account AS fees
    FROM (SELECT card_id, account_id FROM billing_accountcard WHERE ends_on IS NULL AND {of_cards}) m
    LEFT JOIN called ON called.card_id = m.card_id
    LEFT JOIN cards_card card ON card.id = m.card_id AND card.service_state IN ('active', 'half_stop', 'full_stop')
    LEFT JOIN cards_planprice price ON price.plan_id = card.plan_id AND price.effective_from <= %(today)s
        AND (price.effective_to IS NULL OR price.effective_to > %(today)s)
    WINDOW account AS (PARTITION BY m.account_id)
), reading AS MATERIALIZED (
    SELECT m.account_id, said.balance, said.read_at, (said.read_at AT TIME ZONE 'Asia/Shanghai')::date AS day
    FROM (SELECT DISTINCT account_id FROM member) m CROSS JOIN LATERAL (
        SELECT balance, read_at FROM billing_balancereading
        WHERE account_id = m.account_id ORDER BY read_at DESC LIMIT 1
    ) said
), posted AS (
    SELECT account_id, max(at) FILTER (WHERE kind = 'top_up') AS topped_up_at,
        bool_or(kind IN ('opening', 'top_up', 'other_charge', 'refund', 'transfer', 'adjustment')) AS is_entered,
        sum(amount) FILTER (WHERE kind <> 'usage' AND at > read_at) AS since
    FROM billing_ledgerentry LEFT JOIN reading USING (account_id)
    WHERE {of_accounts} GROUP BY account_id
), calls_since AS (
    SELECT reading.account_id, sum(c.amount) AS amount
    FROM reading JOIN billing_accountcard paid ON paid.account_id = reading.account_id
    JOIN billing_usagecharge c ON c.card_id = paid.card_id AND c.counts AND c.day > reading.day
        AND c.day >= paid.starts_on AND (paid.ends_on IS NULL OR c.day < paid.ends_on)
    WHERE c.day > (SELECT min(day) FROM reading)
    GROUP BY reading.account_id
), money AS (
    SELECT member.card_id, account.payment, account.credit_limit, posted.topped_up_at,
        CASE WHEN reading.read_at IS NOT NULL
                THEN reading.balance + coalesce(posted.since, 0) - coalesce(calls_since.amount, 0)
            WHEN account.payment = 'postpaid' OR posted.is_entered THEN account.balance END AS balance,
        CASE WHEN member.calls IS NOT NULL OR member.fees IS NOT NULL
            THEN round((coalesce(member.calls, 0) + coalesce(member.fees, 0)) / %(burn_days)s, 2) END AS daily_burn,
        coalesce(billed.this_month, 0) AS billed_this, coalesce(billed.last_month, 0) AS billed_last
    FROM member JOIN billing_account account ON account.id = member.account_id
    LEFT JOIN reading ON reading.account_id = member.account_id
    LEFT JOIN posted ON posted.account_id = member.account_id
    LEFT JOIN calls_since ON calls_since.account_id = member.account_id
    LEFT JOIN billed ON billed.account_id = member.account_id
)"""
# A registrant is one ID: its fingerprint is unique, and without an ID number its name is (R85).
REGISTERED = """
on_id_here AS MATERIALIZED (
    SELECT card.registrant_id, card.carrier_id, count(*) AS cards
    FROM {registered} WHERE card.service_state <> ALL(%(ended)s) GROUP BY 1, 2
), on_id AS (
    SELECT registrant_id, sum(cards)::bigint AS cards FROM on_id_here GROUP BY 1
)"""
MARKS = """CASE WHEN card.is_marked THEN greatest(1, (
    SELECT count(*) FROM lifecycle_numbermark WHERE card_id = card.id AND ended_on IS NULL)) ELSE 0 END"""
OWN = f"""
card.id AS card_id, card.carrier_id, card.plan_id, card.region, card.industry, card.service_state, card.stop_reason,
card.service_since, card.received_on, card.activated_on, card.expires_on, card.created_at, card.real_name_state,
{MARKS} AS marks, card.reverify_due_at, card.holder_id, card.actual_user_id, contract.ends_on AS contract_ends_on,
contract.daily_call_limit AS agreed, contract.number AS contract, registrant.kind AS registrant_kind,
CASE WHEN on_id.cards IS NOT NULL THEN coalesce(on_id_here.cards, 0) END AS cards_on_id_here,
on_id.cards AS cards_on_id, price.included_minutes AS bundle_minutes"""
USED = """
today.calls, today.answered, today.under_5, today.under_10, today.under_15, today.under_30, today.distinct_callees,
today.most_to_one, today.most_in_60, today.most_in_10, today.hours, today.seconds AS seconds_today,
called.seconds AS seconds_month, coalesce(called.last_on, (
    SELECT max(day) FROM billing_usagedaily WHERE card_id = card.id AND day <= %(today)s)) AS last_call_on"""
OWED = """
money.payment, money.credit_limit, money.topped_up_at, money.balance, money.daily_burn, money.billed_this,
money.billed_last, fees.this_month AS fees_month, fees.mean AS fees_mean, complaint.valid AS complaints"""
OF_CARDS = "card_id = ANY(%(cards)s)"
ON_ANY_ID = "cards_card card JOIN cards_registrant person ON person.id = card.registrant_id AND person.kind = 'person'"
# Each person's cards by their index, whatever a company holds besides: the planner would take the mean of the two, and
# read the fleet.
ON_THEIR_IDS = """(
    SELECT DISTINCT person.id FROM cards_card one JOIN cards_registrant person ON person.id = one.registrant_id
    WHERE one.id = ANY(%(cards)s) AND person.kind = 'person'
) person CROSS JOIN LATERAL (SELECT * FROM cards_card WHERE registrant_id = person.id OFFSET 0) card"""
OF_ACCOUNTS = """account_id = ANY(
    ARRAY(SELECT account_id FROM billing_accountcard WHERE ends_on IS NULL AND card_id = ANY(%(cards)s)))"""
INPUTS = f"""
WITH {USAGE}, {MONEY}, {REGISTERED}, complaint AS (
    SELECT card_id, count(*) AS valid FROM lifecycle_complaint said
    WHERE is_valid AND kind = 'complaint' AND reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM lifecycle_complaint back WHERE back.reverses_id = said.id)
        AND received_at >= %(complaints_since)s AND received_at <= %(now)s AND {{of_cards}} GROUP BY card_id
)
SELECT {OWN}, {USED}, {OWED}
FROM cards_card card
LEFT JOIN cards_contract contract ON contract.id = card.contract_id
LEFT JOIN cards_registrant registrant ON registrant.id = card.registrant_id
LEFT JOIN cards_planprice price ON price.plan_id = card.plan_id AND price.effective_from <= %(today)s
    AND (price.effective_to IS NULL OR price.effective_to > %(today)s)
LEFT JOIN today ON today.card_id = card.id LEFT JOIN called ON called.card_id = card.id
LEFT JOIN money ON money.card_id = card.id LEFT JOIN fees ON fees.card_id = card.id
LEFT JOIN complaint ON complaint.card_id = card.id
LEFT JOIN on_id ON on_id.registrant_id = card.registrant_id
LEFT JOIN on_id_here ON on_id_here.registrant_id = card.registrant_id AND on_id_here.carrier_id = card.carrier_id
WHERE {{live}}"""  # noqa: S608 - our own words
OF_FLEET = INPUTS.format(
    is_charge=IS_CHARGE,
    of_cards="true",
    of_accounts="true",
    registered=ON_ANY_ID,
    live="card.service_state <> ALL(%(ended)s)",
)
OF_SOME = INPUTS.format(
    is_charge=IS_CHARGE,
    of_cards=OF_CARDS,
    of_accounts=OF_ACCOUNTS,
    registered=ON_THEIR_IDS,
    live="card.id = ANY(%(cards)s)",
)
# What the parameters are, for a statement that is planned before it has their values.
TYPES = {
    **dict.fromkeys(("now", "day_start", "complaints_since"), "timestamptz"),
    **dict.fromkeys(("today", "month", "last_month", "past_since", "burn_since"), "date"),
    "burn_days": "int",
    "ended": "text[]",
    "cards": "bigint[]",
}


def typed(words: str) -> str:
    """Return a statement over the inputs with the type of each parameter behind it."""
    return NAMED.sub(lambda found: f"{found[0]}::{TYPES[found[1]]}", words)
