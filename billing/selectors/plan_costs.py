"""What cards' last months would have cost on each plan their carrier sells, by sums and not by calls (R48, R66).

Exactness: fees, messages, data, minimum and lock-in are exact. Minutes beyond a bundle are reckoned from the month's
seconds and answered calls, each call rounded up by half a step on the average; for steps of a minute the standard
error is some 17 seconds times the root of the number of calls: 9 minutes in 1,000 calls. Where calls are charged by
the second it is exact.
"""

from datetime import date

# The last whole months of which calls are known, of cards in service or stopped that had been activated before.
MONTHS = 3
USED = """
month AS (
    SELECT generate_series(%(first)s::date, %(last)s::date, interval '1 month')::date AS month
), subject AS (
    SELECT c.id, c.carrier_id, c.plan_id, c.activated_on, p.starts_on FROM cards_card c
    JOIN cards_cardplanperiod p ON p.card_id = c.id AND p.ends_on IS NULL
    WHERE c.service_state <> ALL(%(ended)s::text[]) AND (%(card)s::bigint IS NULL OR c.id = %(card)s)
), seen AS (
    SELECT card_id, role, date_trunc('month', day)::date AS month, sum(seconds) AS seconds, sum(answered) AS answered
    FROM billing_usagedaily
    WHERE day >= %(first)s AND day < %(end)s AND (%(card)s::bigint IS NULL OR card_id = %(card)s)
    GROUP BY 1, 2, 3
), used AS (
    SELECT DISTINCT ON (s.card_id, s.month) s.card_id, s.month, s.seconds, s.answered,
        coalesce(b.sms, 0) AS sms, coalesce(b.data_mb, 0) AS data_mb
    FROM seen s JOIN subject ON subject.id = s.card_id
        AND (subject.activated_on IS NULL OR subject.activated_on <= s.month)
    LEFT JOIN billing_bundleuse b ON b.card_id = s.card_id AND b.month = s.month
    ORDER BY s.card_id, s.month, s.seconds DESC
)"""
SOLD = """
sold AS (
    SELECT p.id, p.carrier_id, p.is_sold, p.minimum_spend, p.lock_in_months, p.exit_penalty, p.exit_share,
        price.monthly_fee, price.included_minutes, price.included_sms, price.included_data_mb, price.minute_price,
        price.rounding_s, price.least_s, price.sms_price, price.data_price_mb
    FROM cards_rateplan p JOIN cards_planprice price ON price.plan_id = p.id AND price.effective_from <= %(today)s
        AND (price.effective_to IS NULL OR price.effective_to > %(today)s)
)"""
# A month on a plan; what a call takes is at least the least, on the average half a step more than it lasted.
COSTS = """
cost AS (
    SELECT u.card_id, s.id AS plan_id, count(*) AS months, avg(u.seconds) / 60 AS minutes,
        round(avg(greatest(s.minimum_spend, s.monthly_fee
            + greatest(greatest(u.seconds + u.answered * (s.rounding_s - 1) / 2.0, u.answered * s.least_s) / 60
                - s.included_minutes, 0) * s.minute_price
            + greatest(u.sms - s.included_sms, 0) * s.sms_price
            + greatest(u.data_mb - s.included_data_mb, 0) * s.data_price_mb)), 2) AS cost
    FROM used u JOIN subject ON subject.id = u.card_id
    JOIN sold s ON s.carrier_id = subject.carrier_id AND (s.is_sold OR s.id = subject.plan_id)
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
PLAN_COSTS = f"WITH {USED}, {SOLD}, {COSTS}, {LEAVING}"
ADVISE = f"""
{PLAN_COSTS}, best AS (
    SELECT DISTINCT ON (c.card_id) c.card_id, c.plan_id, c.cost, (own.cost - c.cost) * 12 - l.exit_cost AS saving
    FROM cost c JOIN leaving l ON l.id = c.card_id AND l.plan_id <> c.plan_id
    JOIN cost own ON own.card_id = c.card_id AND own.plan_id = l.plan_id
    WHERE (own.cost - c.cost) * 12 > l.exit_cost
    ORDER BY c.card_id, c.cost, c.plan_id
)
INSERT INTO billing_planadvice (card_id, plan_id, month, months, minutes, cost, best_id, best_cost, bound_until,
    exit_cost, saving_year, advised_at)
SELECT own.card_id, own.plan_id, %(last)s, own.months, round(own.minutes), own.cost, best.plan_id, best.cost,
    CASE WHEN l.bound_until > %(today)s THEN l.bound_until END, l.exit_cost, coalesce(best.saving, 0), %(now)s
FROM leaving l JOIN cost own ON own.card_id = l.id AND own.plan_id = l.plan_id
LEFT JOIN best ON best.card_id = own.card_id
"""
OF_CARD = f"""
{PLAN_COSTS}
SELECT c.plan_id, c.months, round(c.minutes), c.cost, l.plan_id = c.plan_id,
    CASE WHEN l.plan_id = c.plan_id THEN 0 ELSE l.exit_cost END
FROM cost c JOIN leaving l ON l.id = c.card_id ORDER BY c.cost, c.plan_id
"""


def first_month(today: date) -> date:
    """Return the first of the whole months before a day that are looked at."""
    months = today.year * 12 + today.month - 1 - MONTHS
    return date(months // 12, months % 12 + 1, 1)
