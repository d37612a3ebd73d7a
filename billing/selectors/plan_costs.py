"""What cards' last months would have cost on each plan their carrier sells, to the fen (R48, R66).

Each call is rated as `billing.rules.rating.rate_calls` does, by today's prices and as if the card had had the plan for
the whole month and no carrier had charged anything. Plans that charge calls alike share one pass over them.
"""

from datetime import date

from billing.selectors.usage_sql import DAY, KEPT_FROM

# The last whole months of which calls are known, of cards in service or stopped that had been activated before.
MONTHS = 3
USED = f"""
subject AS (
    SELECT c.id, c.carrier_id, c.plan_id, c.activated_on, p.starts_on FROM cards_card c
    JOIN cards_cardplanperiod p ON p.card_id = c.id AND p.starts_on <= %(today)s
        AND (p.ends_on IS NULL OR p.ends_on > %(today)s)
    WHERE c.service_state <> ALL(%(ended)s::text[]) AND (%(card)s::bigint IS NULL OR c.id = %(card)s)
), counted AS (
    SELECT card_id, day, date_trunc('month', day)::date AS month, role, sum(seconds) AS seconds
    FROM billing_usagecharge
    WHERE counts AND day >= %(first)s AND day < %(end)s AND date_trunc('month', day) >= {KEPT_FROM}
        AND (%(card)s::bigint IS NULL OR card_id = %(card)s)
    GROUP BY card_id, day, role
), used AS (
    SELECT s.card_id, s.month, s.seconds, subject.carrier_id, coalesce(b.sms, 0) AS sms,
        coalesce(b.data_mb, 0) AS data_mb
    FROM (SELECT card_id, month, sum(seconds) AS seconds FROM counted GROUP BY card_id, month) s
    JOIN subject ON subject.id = s.card_id AND (subject.activated_on IS NULL OR subject.activated_on <= s.month)
    LEFT JOIN billing_bundleuse b ON b.card_id = s.card_id AND b.month = s.month
)"""
SOLD = """
sold AS (
    SELECT p.id, p.carrier_id, p.is_sold, p.lock_in_months, p.exit_penalty, p.exit_share,
        price.monthly_fee, price.minimum_spend, price.included_minutes, price.included_sms, price.included_data_mb,
        price.minute_price, price.incoming_price, price.rounding_s, price.least_s, price.sms_price,
        price.data_price_mb
    FROM cards_rateplan p JOIN cards_planprice price ON price.plan_id = p.id AND price.effective_from <= %(today)s
        AND (price.effective_to IS NULL OR price.effective_to > %(today)s)
    WHERE p.is_sold OR p.id IN (SELECT plan_id FROM subject)
)"""
# What calls take is one for all plans with the same steps, what they cost for all with the same bundle and prices.
TALKED = f"""
call AS (
    SELECT u.card_id, used.month, used.carrier_id, u.started_at, u.uid, u.direction = 'out' AS is_out, u.duration_s
    FROM (SELECT *, {DAY} AS day FROM billing_usagerecord
        WHERE started_at >= %(first)s::timestamp AT TIME ZONE 'Asia/Shanghai'
            AND started_at < %(end)s::timestamp AT TIME ZONE 'Asia/Shanghai'
            AND duration_s > 0 AND (%(card)s::bigint IS NULL OR card_id = %(card)s)) u
    JOIN billing_usagesource s ON s.id = u.source_id
    JOIN counted c ON c.card_id = u.card_id AND c.day = u.day AND c.role = s.role
    JOIN used ON used.card_id = u.card_id AND used.month = c.month
), billed AS (
    SELECT call.*, rounding_s, least_s,
        greatest(least_s, (duration_s + rounding_s - 1) / rounding_s * rounding_s) AS seconds
    FROM call JOIN (SELECT DISTINCT carrier_id, rounding_s, least_s FROM sold) step USING (carrier_id)
), run AS (
    SELECT *, coalesce(sum(seconds) FILTER (WHERE is_out) OVER (PARTITION BY card_id, month, rounding_s, least_s
        ORDER BY started_at, uid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) AS taken
    FROM billed
), talked AS (
    SELECT card_id, month, rounding_s, least_s, included_minutes, minute_price, incoming_price,
        sum(round(CASE WHEN is_out THEN minute_price * least(seconds, greatest(taken - included_minutes * 60, 0))
            ELSE incoming_price * seconds END / 60, 2)) AS amount
    FROM run JOIN (
        SELECT DISTINCT carrier_id, rounding_s, least_s, included_minutes, minute_price, incoming_price FROM sold
    ) tariff USING (carrier_id, rounding_s, least_s)
    GROUP BY card_id, month, rounding_s, least_s, included_minutes, minute_price, incoming_price
)"""
COSTS = """
cost AS (
    SELECT u.card_id, s.id AS plan_id, count(*) AS months, avg(u.seconds) / 60 AS minutes,
        sum(greatest(s.minimum_spend, s.monthly_fee + coalesce(talked.amount, 0)
            + round(greatest(u.sms - s.included_sms, 0) * s.sms_price, 2)
            + round(greatest(u.data_mb - s.included_data_mb, 0) * s.data_price_mb, 2))) AS total
    FROM used u JOIN subject ON subject.id = u.card_id
    JOIN sold s ON s.carrier_id = subject.carrier_id AND (s.is_sold OR s.id = subject.plan_id)
    LEFT JOIN talked USING (card_id, month, rounding_s, least_s, included_minutes, minute_price, incoming_price)
    GROUP BY 1, 2
)"""
# Leaving a plan before its time: a fixed penalty and a share of the fees of the months that are left, begun ones whole.
LEAVING = """
leaving AS (
    SELECT id, plan_id, bound_until, CASE WHEN bound_until > %(today)s::date THEN
        round(exit_penalty + exit_share * monthly_fee * (date_part('year', age(bound_until, %(today)s::date)) * 12
            + date_part('month', age(bound_until, %(today)s::date))
            + (date_part('day', age(bound_until, %(today)s::date)) > 0)::integer)::numeric, 2) ELSE 0 END AS exit_cost
    FROM (
        SELECT subject.id, subject.plan_id, s.exit_penalty, s.exit_share, s.monthly_fee,
            CASE WHEN s.lock_in_months > 0
                THEN (subject.starts_on + s.lock_in_months * interval '1 month')::date END AS bound_until
        FROM subject JOIN sold s ON s.id = subject.plan_id
    ) bound
)"""
PLAN_COSTS = f"WITH {USED}, {SOLD}, {TALKED}, {COSTS}, {LEAVING}"
ADVISE = f"""
{PLAN_COSTS}, best AS (
    SELECT DISTINCT ON (c.card_id) c.card_id, c.plan_id, c.total,
        round((own.total - c.total) * 12 / c.months, 2) - l.exit_cost AS saving
    FROM cost c JOIN leaving l ON l.id = c.card_id AND l.plan_id <> c.plan_id
    JOIN cost own ON own.card_id = c.card_id AND own.plan_id = l.plan_id
    WHERE round((own.total - c.total) * 12 / c.months, 2) > l.exit_cost
    ORDER BY c.card_id, c.total, c.plan_id
)
INSERT INTO billing_planadvice (card_id, plan_id, month, months, minutes, cost, best_id, best_cost, bound_until,
    exit_cost, saving_year, advised_at)
SELECT own.card_id, own.plan_id, %(last)s, own.months, round(own.minutes), round(own.total / own.months, 2),
    best.plan_id, round(best.total / own.months, 2),
    CASE WHEN l.bound_until > %(today)s THEN l.bound_until END, l.exit_cost, coalesce(best.saving, 0), %(now)s
FROM leaving l JOIN cost own ON own.card_id = l.id AND own.plan_id = l.plan_id
LEFT JOIN best ON best.card_id = own.card_id
"""
OF_CARD = f"""
{PLAN_COSTS}
SELECT c.plan_id, c.months, round(c.minutes), c.total, l.plan_id = c.plan_id,
    CASE WHEN l.plan_id = c.plan_id THEN 0 ELSE l.exit_cost END
FROM cost c JOIN leaving l ON l.id = c.card_id ORDER BY c.total, c.plan_id
"""


def first_month(today: date) -> date:
    """Return the first of the whole months before a day that are looked at."""
    months = today.year * 12 + today.month - 1 - MONTHS
    return date(months // 12, months % 12 + 1, 1)
