"""Every input of the rules for the whole fleet, or some cards, in a fixed number of set-based statements.

Rollups are read, never records (design, section 5). Of the roles that saw a day the one with most calls counts.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chinese_calendar import is_workday
from django.db import connection
from django.db.models import Count, Max, QuerySet

from billing.choices import EntryKind
from billing.models import LedgerEntry
from billing.selectors.balances import Balance, balances, daily_burns, month_charges
from cardfleet.kernel.clock import SHANGHAI, business_day, day_start, month_start
from cards.models import Card, PlanPrice
from lifecycle.models import Complaint
from lifecycle.rules.facts import CardFacts

USAGE = """
WITH best AS (
    SELECT DISTINCT ON (card_id, day) * FROM billing_usagedaily
    WHERE day > %(today)s::date - 90 AND day <= %(today)s
      AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
    ORDER BY card_id, day, calls DESC, role
)
SELECT card_id,
       max(calls) FILTER (WHERE day = %(today)s) AS calls,
       max(answered) FILTER (WHERE day = %(today)s) AS answered,
       max(short_calls) FILTER (WHERE day = %(today)s) AS short_calls,
       max(distinct_callees) FILTER (WHERE day = %(today)s) AS distinct_callees,
       max(most_to_one) FILTER (WHERE day = %(today)s) AS most_to_one,
       max(most_in_60) FILTER (WHERE day = %(today)s) AS most_in_60,
       max(most_in_10) FILTER (WHERE day = %(today)s) AS most_in_10,
       (array_agg(hours) FILTER (WHERE day = %(today)s)) [1:1] AS hours,
       max(seconds) FILTER (WHERE day = %(today)s) AS seconds,
       sum(seconds) FILTER (WHERE day >= %(month)s) AS seconds_month,
       max(day) AS last_call_on
FROM best GROUP BY card_id
"""

PAST_FEES = """
SELECT card_id, -sum(amount) / 3 FROM billing_ledgerentry
WHERE month >= (%(month)s::date - interval '3 months') AND month < %(month)s
  AND kind IN ('usage', 'monthly_fee', 'other_charge')
  AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
GROUP BY card_id HAVING count(DISTINCT month) = 3
"""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What is known around a set of cards; each mapping is by card id, burns by account id."""

    usage: Mapping[int, Mapping[str, Any]]
    balances: Mapping[int, Balance]
    burns: Mapping[int, Decimal]
    charges: Mapping[int, Decimal]
    past_fees: Mapping[int, Decimal]
    topups: Mapping[int, datetime]
    complaints: Mapping[int, int]
    bundles: Mapping[int, int]


def gather(*, now: datetime, card_ids: Collection[int] | None = None) -> Gathered:
    """Read all of it for some cards or (None) the whole fleet; the number of statements is the same."""
    today = business_day(now)
    params = {"today": today, "month": month_start(today), "cards": None if card_ids is None else list(card_ids)}
    return Gathered(
        usage={row["card_id"]: row for row in _rows(USAGE, params)},
        balances=balances(card_ids),
        burns=daily_burns(today, card_ids),
        charges=month_charges(today, card_ids),
        past_fees=_pairs(PAST_FEES, params),
        topups=_topups(card_ids),
        complaints=_complaints(now, card_ids),
        bundles=_bundles(today),
    )


def facts_of(card: Card, known: Gathered, *, now: datetime) -> CardFacts:
    """Return the facts of one card; it needs `contract`, `registrant` and `holder` joined. Makes no query."""
    return CardFacts(now=now, **_calls(card, known, now), **_money(card, known), **_identity(card))


def _calls(card: Card, known: Gathered, now: datetime) -> dict[str, Any]:
    usage = known.usage.get(card.pk, {})
    seconds, month_seconds = usage.get("seconds"), usage.get("seconds_month")
    hours = tuple(usage["hours"][0]) if usage.get("hours") else None
    return {
        "calls_today": usage.get("calls"),
        "calls_last_hour": hours[now.astimezone(SHANGHAI).hour] if hours else None,
        "most_in_60": usage.get("most_in_60"),
        "most_in_10": usage.get("most_in_10"),
        "answered_today": usage.get("answered"),
        "short_calls_today": usage.get("short_calls"),
        "distinct_callees_today": usage.get("distinct_callees"),
        "most_to_one_24h": usage.get("most_to_one"),
        "hours_today": hours,
        "minutes_today": None if seconds is None else Decimal(seconds) / 60,
        "minutes_month": None if month_seconds is None else Decimal(month_seconds) / 60,
        "bundle_minutes": known.bundles.get(card.plan_id or 0) or None,
        "is_holiday": is_holiday(business_day(now)),
        "last_call_on": usage.get("last_call_on"),
        "complaints_30d": known.complaints.get(card.pk, 0),
        "marks": 1 if card.is_marked else 0,
    }


def _money(card: Card, known: Gathered) -> dict[str, Any]:
    balance = known.balances.get(card.pk)
    topup = known.topups.get(balance.account_id) if balance else None
    return {
        "balance": balance.shown if balance else None,
        "credit_limit": balance.credit_limit if balance else None,
        "daily_burn": known.burns.get(balance.account_id) if balance else None,
        "fees_month": known.charges.get(card.pk),
        "fees_mean_3_months": known.past_fees.get(card.pk),
        "last_topup_on": business_day(topup) if topup else None,
    }


def _identity(card: Card) -> dict[str, Any]:
    return {
        "service_state": card.service_state,
        "received_on": card.received_on,
        "activated_on": card.activated_on,
        "expires_on": card.expires_on,
        "recycle_after_days": card.carrier.recycle_after_days,
        "contract_ends_on": card.contract.ends_on if card.contract else None,
        "real_name_state": card.real_name_state,
        "registrant_kind": card.registrant.kind if card.registrant else None,
        "user_matches": card.actual_user_id == card.holder_id if card.actual_user_id and card.holder_id else None,
        "reverify_due_at": card.reverify_due_at,
        "industry": card.industry or None,
    }


def cards_with_facts(*, now: datetime, cards: QuerySet[Card], known: Gathered) -> Iterator[tuple[Card, CardFacts]]:
    """Yield each card with its facts, read in chunks so that memory does not grow with the fleet."""
    joined = cards.select_related("carrier", "contract", "registrant", "holder", "team")
    for card in joined.order_by("pk").iterator(chunk_size=2000):
        yield card, facts_of(card, known, now=now)


def is_holiday(day: date) -> bool | None:
    """Return whether a day is a rest day; None for a year whose calendar is not published yet."""
    try:
        return not is_workday(day)
    except NotImplementedError:
        return None


def _topups(card_ids: Collection[int] | None) -> dict[int, datetime]:
    entries = LedgerEntry.objects.filter(kind=EntryKind.TOP_UP)
    if card_ids is not None:
        entries = entries.filter(account__members__card__in=card_ids)
    return dict(entries.values("account_id").annotate(last=Max("at")).values_list("account_id", "last"))


def _complaints(now: datetime, card_ids: Collection[int] | None) -> dict[int, int]:
    since = day_start(business_day(now) - timedelta(days=30))
    found = Complaint.objects.filter(is_valid=True, received_at__gte=since)
    if card_ids is not None:
        found = found.filter(card__in=card_ids)
    return dict(found.values("card_id").annotate(count=Count("pk")).values_list("card_id", "count"))


def _bundles(today: date) -> dict[int, int]:
    prices = PlanPrice.objects.filter(effective_from__lte=today).exclude(effective_to__lte=today)
    return dict(prices.values_list("plan_id", "included_minutes"))


def _rows(sql: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def _pairs(sql: str, params: Mapping[str, Any]) -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(cursor.fetchall())
