"""What calls cost that no carrier charged, by the plans' prices and bundles, and which cards' calls are to be read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.selectors.usage_sql import DAY
from cardfleet.kernel.clock import month_bounds, next_month

# By card, what its counted charges say without reading a call: what was charged that is our own rating, and the most
# that its outgoing calls can take from a bundle, were each rounded up by one step.
SUMS = """
SELECT card_id, bool_or(role <> 'carrier'), sum(seconds)::bigint, sum(calls)::bigint,
    coalesce(sum(amount) FILTER (WHERE role <> 'carrier'), 0)
FROM billing_usagecharge
WHERE counts AND day >= %(month)s AND day < %(end)s
    AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
GROUP BY card_id
"""
# Of the calls in a carrier's detail those without a fee are rated, too: few sources leave it out.
UNPRICED = """
SELECT DISTINCT card_id FROM billing_usagerecord
WHERE started_at >= %(starts)s AND started_at < %(ends)s AND fee IS NULL AND duration_s > 0
    AND source_id IN (SELECT id FROM billing_usagesource WHERE role = 'carrier')
    AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
"""
# The rule is `billing.rules.rating.rate_calls`, for many cards at once. OFFSET 0: calls are read once a card; held
# against counted days first, they would be read once a day.
RATED = f"""
WITH term AS MATERIALIZED (
    SELECT *, starts::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
        ends::timestamp AT TIME ZONE 'Asia/Shanghai' AS until
    FROM unnest(%(cards)s::bigint[], %(plans)s::bigint[], %(starts_on)s::date[], %(ends_on)s::date[],
        %(bundles)s::bigint[]) AS given(card_id, plan_id, starts, ends, bundle)
), counted AS (
    SELECT DISTINCT card_id, day, role FROM billing_usagecharge
    WHERE counts AND day >= %(month)s AND day < %(end)s AND card_id IN (SELECT card_id FROM term)
), call AS (
    SELECT u.card_id, u.started_at, u.uid, u.direction = 'out' AS is_out, u.rated_fee, {DAY} AS day, term.starts,
        term.bundle, term.plan_id, s.role, s.role <> 'carrier' OR u.fee IS NULL AS own, u.duration_s
    FROM term CROSS JOIN LATERAL (
        SELECT * FROM billing_usagerecord
        WHERE card_id = term.card_id AND started_at >= term.begins AND started_at < term.until
            AND started_at >= %(starts)s AND started_at < %(ends)s
        OFFSET 0
    ) u JOIN billing_usagesource s ON s.id = u.source_id
), billed AS (
    SELECT call.card_id, call.started_at, call.uid, call.starts, call.bundle, call.is_out, call.own, call.rated_fee,
        CASE WHEN call.is_out THEN p.minute_price ELSE p.incoming_price END AS price,
        CASE WHEN call.duration_s > 0 AND p.id IS NOT NULL THEN greatest(p.least_s,
            (call.duration_s + p.rounding_s - 1) / p.rounding_s * p.rounding_s) ELSE 0 END AS seconds
    FROM call JOIN counted c ON c.card_id = call.card_id AND c.day = call.day AND c.role = call.role
    LEFT JOIN cards_planprice p ON p.plan_id = call.plan_id AND p.effective_from <= call.day
        AND (p.effective_to IS NULL OR p.effective_to > call.day)
), run AS (
    SELECT *, coalesce(sum(seconds) FILTER (WHERE is_out) OVER (PARTITION BY card_id, starts
        ORDER BY started_at, uid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) AS used
    FROM billed
)
SELECT card_id,
    coalesce(sum(round(price * CASE WHEN is_out THEN least(seconds, greatest(used - bundle, 0)) ELSE seconds END / 60,
        2)) FILTER (WHERE own), 0),
    coalesce(sum(rated_fee) FILTER (WHERE own), 0)
FROM run GROUP BY card_id
"""


@dataclass(frozen=True, kw_only=True)
class CallSums:
    """A card's counted calls of a month: whether some are not its carrier's, seconds and number of outgoing ones.

    `charged` (CNY) is what those were charged that are not its carrier's.
    """

    is_own: bool
    seconds: int
    calls: int
    charged: Decimal


@dataclass(frozen=True, kw_only=True)
class CallTerm:
    """A plan of a card on the days [starts, ends) and the seconds its bundle holds."""

    card_id: int
    plan_id: int
    starts: date
    ends: date
    bundle_s: int


@dataclass(frozen=True)
class OwnCalls:
    """What a card's calls cost that no carrier charged: by plan and bundle, and as they were charged one by one."""

    due: Decimal
    charged: Decimal


def call_sums(month: date, card_ids: Collection[int] | None = None) -> dict[int, CallSums]:
    """Return the sums of each card's counted calls of a month."""
    given = {"month": month, "end": next_month(month), "cards": None if card_ids is None else list(card_ids)}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, given)
        return {
            card_id: CallSums(is_own=is_own, seconds=seconds, calls=calls, charged=charged)
            for card_id, is_own, seconds, calls, charged in cursor.fetchall()
        }


def unpriced(month: date, card_ids: Collection[int] | None = None) -> set[int]:
    """Return the cards with calls of a month in whose carrier's detail no fee stands."""
    starts, ends = month_bounds(month)
    given = {"starts": starts, "ends": ends, "cards": None if card_ids is None else list(card_ids)}
    with connection.cursor() as cursor:
        cursor.execute(UNPRICED, given)
        return {card_id for (card_id,) in cursor.fetchall()}


def own_calls(month: date, terms: Sequence[CallTerm]) -> dict[int, OwnCalls]:
    """Read the calls of some cards in a month and rate those that no carrier charged."""
    if not terms:
        return {}
    starts, ends = month_bounds(month)
    given: dict[str, Any] = {
        "cards": [term.card_id for term in terms],
        "plans": [term.plan_id for term in terms],
        "starts_on": [term.starts for term in terms],
        "ends_on": [term.ends for term in terms],
        "bundles": [term.bundle_s for term in terms],
        "month": month,
        "end": next_month(month),
        "starts": starts,
        "ends": ends,
    }
    with connection.cursor() as cursor:
        cursor.execute(RATED, given)
        return {card_id: OwnCalls(due, charged) for card_id, due, charged in cursor.fetchall()}
