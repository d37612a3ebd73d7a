"""What we know of the cards of bills, for their check: read set by set, the calls of a card only where sums differ."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from billing.choices import BillItem, BillState, EntryKind
from billing.models import Bill, BillLine, LedgerEntry
from billing.rules.bill_calls import Call
from billing.rules.bill_check import SERVICES, CardSide
from billing.rules.bill_late_fee import Owed
from billing.selectors.own_use import own_use
from cardfleet.kernel.clock import business_day, month_bounds, month_start, next_month
from cardfleet.kernel.money import ZERO
from cards.choices import ENDED, Payment
from cards.models import PlanPrice

# In service: a fee is due in a month with any day of it (domain.md, section 3). A card whose first known state came
# in the month or later is taken to have had it before, too.
SERVED = ["active", "half_stop"]
# Where most of a statement's cards have details of the month, one without any had no call.
MOST = 2
STATES = """
WITH change AS (
    SELECT card_id, from_state, to_state, at FROM cards_cardchange c
    WHERE axis = 'service' AND card_id = ANY(%(cards)s) AND at >= %(starts)s AND reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM cards_cardchange taken_back WHERE taken_back.reverses_id = c.id)
), beginning AS (
    SELECT DISTINCT ON (card_id) card_id, from_state, to_state FROM change ORDER BY card_id, at
), state AS (
    SELECT c.id, coalesce(nullif(b.from_state, ''), b.to_state, c.service_state) AS first, c.plan_id, c.carrier_id,
        c.activated_on, (SELECT max(x.at) FROM cards_cardchange x WHERE x.card_id = c.id AND x.axis = 'service'
            AND x.to_state = ANY(%(ended)s) AND x.at < %(starts)s) AS ended_at, c.service_since
    FROM cards_card c LEFT JOIN beginning b ON b.card_id = c.id WHERE c.id = ANY(%(cards)s)
)
SELECT s.id, s.plan_id, s.carrier_id,
    (s.activated_on IS NULL OR s.activated_on < %(end)s) AND (s.first = ANY(%(served)s) OR EXISTS (
        SELECT 1 FROM change WHERE card_id = s.id AND to_state = ANY(%(served)s) AND at < %(ends)s)),
    CASE WHEN s.first = ANY(%(ended)s) AND coalesce(s.ended_at, s.service_since) < %(starts)s
        THEN coalesce(s.ended_at, s.service_since) END
FROM state s
"""
# What the carrier's detail says by card; `odd` are charges above our rating, or calls within the same call.
DETAIL = """
SELECT card_id, sum(coalesce(fee, 0)), bool_or(coalesce(fee, 0) > rated_fee OR started_at < before) AS odd
FROM (
    SELECT card_id, fee, rated_fee, started_at, lag(started_at + duration_s * interval '1 second')
        OVER (PARTITION BY card_id, counterpart ORDER BY started_at) AS before
    FROM billing_usagerecord
    WHERE card_id = ANY(%(cards)s) AND started_at >= %(starts)s AND started_at < %(ends)s
        AND source_id IN (SELECT id FROM billing_usagesource WHERE role = 'carrier')
) call GROUP BY card_id
"""
CALLS = """
SELECT u.card_id, s.role = 'carrier', u.started_at, u.counterpart, u.duration_s, coalesce(u.fee, 0), u.rated_fee
FROM billing_usagerecord u JOIN billing_usagesource s ON s.id = u.source_id
WHERE u.card_id = ANY(%(cards)s) AND u.started_at >= %(starts)s AND u.started_at < %(ends)s AND u.direction = 'out'
ORDER BY u.started_at
"""
SEEN = """
SELECT DISTINCT card_id FROM billing_usagedaily WHERE card_id = ANY(%(cards)s) AND day >= %(month)s AND day < %(end)s
"""


@dataclass(frozen=True)
class Detail:
    """What the carrier's detail of a card sums up to, and whether a call of it is odd."""

    listed: Decimal
    odd: bool


def sides_of(voice: Mapping[int, Decimal], month: date) -> dict[int, CardSide]:
    """Return what is known of each card in a month. `voice` is what is billed for calls by card id, CNY."""
    cards = list(voice)
    detail = _detail(cards, month)
    known = len(detail) * MOST >= len(cards)
    listed = {card: detail[card].listed if card in detail else ZERO for card in cards if known or card in detail}
    odd = [card for card, sum_ in listed.items() if sum_ != voice[card] or (card in detail and detail[card].odd)]
    calls = _calls(odd, month)
    carried = _carried([card for card in odd if voice[card] > listed[card]], month)
    seen = {row[0] for row in _rows(SEEN, cards, month)} | detail.keys()
    states = _states(cards, month)
    prices = _prices(month)
    posted = _posted_fees(cards, month)
    services = _services(cards, month)
    used = own_use(cards, month)
    sides = {}
    for card, (plan, carrier, is_served, ended) in states.items():
        price = prices.get(plan) if plan else None
        fee = posted.get(card, (price.monthly_fee if is_served else ZERO) if price else None)
        sides[card] = CardSide(
            fee=fee,
            other_fees={
                one.plan.name: one.monthly_fee
                for one in prices.values()
                if one.plan.carrier_id == carrier and one.plan_id != plan and one.monthly_fee != fee
            },
            is_served=is_served,
            ended_on=business_day(ended) if ended else None,
            listed=listed.get(card),
            is_used=card in seen,
            detail=calls[card, True],
            heard=calls[card, False],
            prices_calls=bool(price and price.minute_price),
            carried=carried.get(card, ZERO),
            services=services[card],
            used=used.get(card, {}),
            minimum=price.minimum_spend if price and price.minimum_spend else None,
        )
    return sides


def _rows(sql: str, cards: Sequence[int], month: date) -> list[tuple[Any, ...]]:
    starts, ends = month_bounds(month)
    values: dict[str, Any] = {
        "cards": list(cards),
        "month": month,
        "end": next_month(month),
        "starts": starts,
        "ends": ends,
        "served": SERVED,
        "ended": sorted(ENDED),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _states(cards: Sequence[int], month: date) -> dict[int, tuple[int | None, int, bool, Any]]:
    return {card: (plan, carrier, served, ended) for card, plan, carrier, served, ended in _rows(STATES, cards, month)}


def _detail(cards: Sequence[int], month: date) -> dict[int, Detail]:
    return {card: Detail(listed, bool(odd)) for card, listed, odd in _rows(DETAIL, cards, month)}


def _calls(cards: Sequence[int], month: date) -> defaultdict[tuple[int, bool], list[Call]]:
    """Return the calls of some cards by card and whether the carrier lists them."""
    found: defaultdict[tuple[int, bool], list[Call]] = defaultdict(list)
    for card, is_listed, started, counterpart, seconds, fee, rated in _rows(CALLS, cards, month) if cards else ():
        found[card, is_listed].append(
            Call(started_at=started, counterpart=counterpart, seconds=seconds, fee=fee, rated=rated)
        )
    return found


def _carried(cards: Sequence[int], month: date) -> dict[int, Decimal]:
    """Return what the month before left unbilled, by card, where its bill is there."""
    before = month_start(month - timedelta(days=1))
    lines = BillLine.objects.standing().filter(card__in=cards, bill__month=before)
    billed = lines.values("card").annotate(sum=Sum("amount", filter=Q(item=BillItem.VOICE)))
    sums = {row["card"]: row["sum"] or ZERO for row in billed}
    detail = _detail(list(sums), before) if sums else {}
    return {card: max(detail[card].listed - sums[card], ZERO) for card in sums if card in detail}


def _prices(month: date) -> dict[int, PlanPrice]:
    """Return the price of each plan in a month: at its beginning, else the first in it."""
    in_force = Q(effective_from__lt=next_month(month)) & (Q(effective_to__isnull=True) | Q(effective_to__gt=month))
    prices = PlanPrice.objects.filter(in_force).select_related("plan").order_by("-effective_from")
    return {price.plan_id: price for price in prices}


def _posted_fees(cards: Sequence[int], month: date) -> dict[int, Decimal]:
    """Return the fees of a month that our own rating posted, by card, CNY."""
    fees = LedgerEntry.objects.filter(card__in=cards, month=month, kind=EntryKind.MONTHLY_FEE, reversed_by=None)
    sums = fees.values("card").annotate(sum=Sum("amount")).values_list("card", "sum")
    return {card: -amount for card, amount in sums}


def _services(cards: Sequence[int], month: date) -> defaultdict[int, frozenset[str]]:
    """Return the names of services on earlier bills that were accepted, by card."""
    lines = BillLine.objects.filter(
        card__in=cards, bill__state=BillState.ACCEPTED, bill__month__lt=month, item__in=SERVICES
    )
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for card, text in lines.values_list("card", "text").distinct():
        found[card] |= {text}
    return found


def owed_before(bills: Sequence[Bill], month: date) -> dict[int, list[Owed]]:
    """Return earlier bills of postpaid accounts by account id, of those whose bill of the month before is known."""
    accounts = [bill.account_id for bill in bills]
    earlier = Bill.objects.standing().filter(
        account__in=accounts, account__payment=Payment.POSTPAID, month__lt=month, total__gt=0
    )
    found: defaultdict[int, list[Owed]] = defaultdict(list)
    known = set()
    for bill in earlier.order_by("month"):
        paid_on = bill.paid_on if bill.paid is not None and bill.paid >= bill.total else None
        found[bill.account_id].append(Owed(total=bill.total, due_on=bill.due_on, paid_on=paid_on))
        if next_month(bill.month) == month:
            known.add(bill.account_id)
    return {account: owed for account, owed in found.items() if account in known}
