"""Every input of the rules for the whole fleet, or some cards, in a fixed number of set-based statements.

Rollups are read, never records (design, section 5). Of the roles that saw a day the one with most calls counts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chinese_calendar import is_workday
from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from billing.choices import EntryKind
from billing.models import LedgerEntry
from billing.selectors.balances import IS_CHARGE, Balance, balances, daily_burns, month_charges
from billing.selectors.usage_sql import SHORT
from cardfleet.kernel.clock import SHANGHAI, business_day, day_bounds, day_start, month_start
from cardfleet.kernel.money import ZERO
from cards.choices import Payment, StopReason
from cards.models import Card, Carrier, PlanPrice
from cards.rules.carrier_terms import CarrierTerms
from lifecycle.models import Complaint
from lifecycle.rules.arrears import AccountFacts, Debt, debt
from lifecycle.rules.facts import CardFacts
from lifecycle.selectors.registered import ByCarrier, cards_on_ids

ENTERED = (EntryKind.OPENING, EntryKind.TOP_UP, EntryKind.OTHER_CHARGE, EntryKind.REFUND, EntryKind.ADJUSTMENT)
USAGE = """
WITH day AS (
    SELECT DISTINCT ON (card_id) * FROM billing_usagedaily
    WHERE day = %(today)s AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
    ORDER BY card_id, calls DESC, role
), month AS (
    SELECT card_id, sum(seconds) AS seconds_month
    FROM (SELECT card_id, day, max(seconds) AS seconds FROM billing_usagedaily
          WHERE day >= %(month)s AND day <= %(today)s
            AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
          GROUP BY card_id, day) days
    GROUP BY card_id
)
SELECT card.id AS card_id, day.calls, day.answered, day.under_5, day.under_10, day.under_15, day.under_30,
       day.distinct_callees, day.most_to_one,
       day.most_in_60, day.most_in_10, day.hours, day.seconds, day.last_at, month.seconds_month, last.last_call_on
FROM cards_card card
LEFT JOIN day ON day.card_id = card.id
LEFT JOIN month ON month.card_id = card.id
LEFT JOIN LATERAL (
    SELECT max(day) AS last_call_on FROM billing_usagedaily WHERE card_id = card.id AND day <= %(today)s
) last ON true
WHERE last.last_call_on IS NOT NULL AND (%(cards)s::bigint[] IS NULL OR card.id = ANY(%(cards)s::bigint[]))
"""

# What an account was charged, by month: what of its balance is due follows from it.
BILLED = f"""
SELECT e.account_id, coalesce(-sum(e.amount) FILTER (WHERE e.month = %(month)s), 0),
       coalesce(-sum(e.amount) FILTER (WHERE e.month < %(month)s), 0)
FROM billing_ledgerentry e
WHERE e.month >= (%(month)s::date - interval '1 month') AND e.month <= %(month)s AND {IS_CHARGE}
  AND (%(accounts)s::bigint[] IS NULL OR e.account_id = ANY(%(accounts)s::bigint[]))
GROUP BY e.account_id
"""

PAST_FEES = f"""
SELECT e.card_id, -sum(e.amount) / 3 FROM billing_ledgerentry e
WHERE e.month >= (%(month)s::date - interval '3 months') AND e.month < %(month)s AND {IS_CHARGE}
  AND (%(cards)s::bigint[] IS NULL OR e.card_id = ANY(%(cards)s::bigint[]))
GROUP BY e.card_id HAVING count(DISTINCT e.month) = 3
"""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What is known around a set of cards; each mapping is by card id, burns, billed and topups by account id.

    `billed` are the charges of this and of the last month. `topups` hold every account somebody entered money on,
    with the moment of its last top-up. `registered` are the cards of a person by registrant and carrier.
    """

    usage: Mapping[int, Mapping[str, Any]]
    balances: Mapping[int, Balance]
    burns: Mapping[int, Decimal]
    charges: Mapping[int, Decimal]
    past_fees: Mapping[int, Decimal]
    billed: Mapping[int, tuple[Decimal, Decimal]]
    topups: Mapping[int, datetime | None]
    complaints: Mapping[int, int]
    bundles: Mapping[int, int]
    registered: Mapping[int, ByCarrier]


def moment_on(day: date, now: datetime) -> datetime:
    """Return the moment for which a job run for a day looks at the fleet: now, or the end of another day."""
    return now if business_day(now) == day else day_bounds(day)[1] - timedelta(seconds=1)


def gather(*, now: datetime, card_ids: Collection[int] | None = None) -> Gathered:
    """Read all of it for some cards or (None) the whole fleet; the number of statements is the same."""
    today = business_day(now)
    params = {"today": today, "month": month_start(today), "cards": None if card_ids is None else list(card_ids)}
    found = balances(card_ids)
    accounts = None if card_ids is None else [balance.account_id for balance in found.values()]
    return Gathered(
        usage={row["card_id"]: row for row in _rows(USAGE, params)},
        balances=found,
        burns=daily_burns(today, card_ids),
        charges=month_charges(today, card_ids),
        past_fees=dict(_tuples(PAST_FEES, params)),
        billed={row[0]: (row[1], row[2]) for row in _tuples(BILLED, {**params, "accounts": accounts})},
        topups=_topups(accounts),
        complaints=_complaints(now, card_ids),
        bundles=_bundles(today),
        registered=cards_on_ids(card_ids),
    )


def facts_of(card: Card, known: Gathered, *, now: datetime) -> CardFacts:
    """Return the facts of one card; it needs `contract`, `registrant` and `holder` joined. Makes no query."""
    money = _money(card, known, business_day(now))
    return CardFacts(now=now, **_calls(card, known, now), **money, **_identity(card), **_on_id(card, known))


def own_facts(card: Card, *, now: datetime) -> CardFacts:
    """Return what the card itself says, without its calls and money; joined as for `facts_of`. Makes no query."""
    return CardFacts(now=now, **_identity(card))


def _calls(card: Card, known: Gathered, now: datetime) -> dict[str, Any]:
    usage = known.usage.get(card.pk, {})
    seconds, month_seconds = usage.get("seconds"), usage.get("seconds_month")
    hours = tuple(usage["hours"]) if usage.get("hours") else None
    return {
        "calls_today": usage.get("calls"),
        "calls_last_hour": _last_hour(hours, now) if hours else None,
        "most_in_60": usage.get("most_in_60"),
        "most_in_10": usage.get("most_in_10"),
        "answered_today": usage.get("answered"),
        "short_calls_today": {length: usage[f"under_{length}"] for length in SHORT} if hours else None,
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


def _last_hour(hours: Sequence[int], now: datetime) -> int:
    """Return the calls of the last 60 minutes, those of the hour before taken as spread evenly over it."""
    local = now.astimezone(SHANGHAI)
    before = hours[local.hour - 1] if local.hour else 0
    return hours[local.hour] + round(before * (60 - local.minute) / 60)


def _money(card: Card, known: Gathered, today: date) -> dict[str, Any]:
    balance = known_balance(card, known)
    debt = debt_of(card, known, today=today)
    topup = known.topups.get(balance.account_id) if balance else None
    return {
        "balance": balance.shown if balance else None,
        "credit_limit": balance.credit_limit if balance else None,
        "daily_burn": known.burns.get(balance.account_id) if balance else None,
        "overdue_amount": debt.amount if debt else None,
        "overdue_days": debt.days if debt else None,
        "fees_month": known.charges.get(card.pk),
        "fees_mean_3_months": known.past_fees.get(card.pk),
        "last_topup_on": business_day(topup) if topup else None,
    }


def known_balance(card: Card, known: Gathered) -> Balance | None:
    """Return a card's balance; None where it is only a sum of charges that nobody ever set money against."""
    balance = known.balances.get(card.pk)
    if balance is None or balance.payment == Payment.POSTPAID:
        return balance
    return balance if balance.read_at or balance.account_id in known.topups else None


def debt_of(card: Card, known: Gathered, *, today: date) -> Debt | None:
    """Return what is overdue for a card by its carrier's terms; it needs `carrier` joined."""
    balance = known_balance(card, known)
    if balance is None:
        return None
    this_month, last_month = known.billed.get(balance.account_id, (ZERO, ZERO))
    stopped_for_money = card.is_stopped and card.stop_reason in (StopReason.ARREARS, StopReason.HIGH_FEE)
    return debt(
        AccountFacts(
            today=today,
            payment=balance.payment,
            balance=balance.shown,
            credit_limit=balance.credit_limit,
            charges_this_month=this_month,
            charges_last_month=last_month,
            terms=terms_of(card.carrier),
            stopped_on=business_day(card.service_since) if stopped_for_money else None,
        )
    )


def terms_of(carrier: Carrier) -> CarrierTerms:
    """Return a carrier's terms as pure data."""
    return CarrierTerms(
        stop_below=carrier.stop_below,
        due_day=carrier.due_day,
        stop_after_days=carrier.stop_after_days,
        restore_hours=carrier.restore_hours,
        terminate_after_days=carrier.terminate_after_days,
        freeze_days=carrier.freeze_days,
        recycle_after_days=carrier.recycle_after_days,
    )


def _identity(card: Card) -> dict[str, Any]:
    return {
        "service_state": card.service_state,
        "received_on": card.received_on,
        "activated_on": card.activated_on,
        "known_since": business_day(card.created_at),
        "expires_on": card.expires_on,
        "recycle_after_days": card.carrier.recycle_after_days,
        "contract_ends_on": card.contract.ends_on if card.contract else None,
        "real_name_state": card.real_name_state,
        "registrant_kind": card.registrant.kind if card.registrant else None,
        "user_matches": card.actual_user_id == card.holder_id if card.actual_user_id and card.holder_id else None,
        "reverify_due_at": card.reverify_due_at,
        "industry": card.industry or None,
    }


def _on_id(card: Card, known: Gathered) -> dict[str, Any]:
    """Return the cards on the ID of a person; unknown where the card is registered to nobody or to a company."""
    on_id = known.registered.get(card.registrant_id or 0)
    if on_id is None:
        return {}
    return {"cards_on_id_here": on_id.get(card.carrier_id, 0), "cards_on_id": sum(on_id.values())}


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


def _topups(accounts: Collection[int] | None) -> dict[int, datetime | None]:
    entries = LedgerEntry.objects.filter(kind__in=ENTERED)
    if accounts is not None:
        entries = entries.filter(account__in=accounts)
    last = Max("at", filter=Q(kind=EntryKind.TOP_UP))
    return dict(entries.order_by().values("account_id").annotate(last=last).values_list("account_id", "last"))


def _complaints(now: datetime, card_ids: Collection[int] | None) -> dict[int, int]:
    since = day_start(business_day(now) - timedelta(days=30))
    found = Complaint.objects.filter(is_valid=True, received_at__gte=since, received_at__lte=now)
    if card_ids is not None:
        found = found.filter(card__in=card_ids)
    return dict(found.order_by().values("card_id").annotate(count=Count("pk")).values_list("card_id", "count"))


def _bundles(today: date) -> dict[int, int]:
    prices = PlanPrice.objects.filter(effective_from__lte=today).exclude(effective_to__lte=today)
    return dict(prices.values_list("plan_id", "included_minutes"))


def _rows(sql: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def _tuples(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
