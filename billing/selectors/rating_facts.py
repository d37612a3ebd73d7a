"""What the rating of a month rests on, for the whole fleet at once: plans by days, states by days, use (design, 5)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import BundleUse
from billing.rules.prices import Price
from billing.rules.proration import Life, StateSpan
from billing.rules.rating import Term, Use
from cardfleet.kernel.clock import month_bounds, next_month
from cards.choices import ENDED
from cards.models import PlanPrice

# The first plan of a card counts also for what came before it was recorded; the months before its card was are no
# matter of ours: what it cost then lies in the balance it came with.
TERMS = """
WITH period AS (
    SELECT card_id, plan_id,
        greatest(CASE WHEN lag(id) OVER w IS NULL THEN %(month)s::date ELSE starts_on END, %(month)s::date) AS starts,
        least(coalesce(ends_on, %(end)s::date), %(end)s::date) AS ends
    FROM cards_cardplanperiod WHERE %(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[])
    WINDOW w AS (PARTITION BY card_id ORDER BY starts_on)
)
SELECT c.id, c.service_state, c.activated_on, c.plan_id, p.plan_id, p.starts, p.ends
FROM period p JOIN cards_card c ON c.id = p.card_id
WHERE p.starts < p.ends AND c.created_at < %(end)s::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND (c.activated_on IS NULL OR c.activated_on < %(end)s)
ORDER BY c.id, p.starts
"""
# A card that changed nothing since the month began was all month what it is now; else its changes say. A state holds
# on each day of which it had a moment.
SPANS = """
WITH change AS (
    SELECT id, card_id, from_state, to_state, at FROM cards_cardchange c
    WHERE axis = 'service' AND at >= %(starts)s AND reverses_id IS NULL
        AND (%(cards)s::bigint[] IS NULL OR card_id = ANY(%(cards)s::bigint[]))
        AND NOT EXISTS (SELECT 1 FROM cards_cardchange taken_back WHERE taken_back.reverses_id = c.id)
), span AS (
    SELECT card_id, from_state AS state, %(starts)s AS begins, least(at, %(ends)s) AS ends
    FROM (SELECT DISTINCT ON (card_id) card_id, from_state, at FROM change ORDER BY card_id, at, id) beginning
    UNION ALL
    SELECT card_id, to_state, at, least(lead(at, 1, 'infinity') OVER w, %(ends)s)
    FROM change WINDOW w AS (PARTITION BY card_id ORDER BY at, id)
)
SELECT card_id, state, (begins AT TIME ZONE 'Asia/Shanghai')::date,
    ((ends - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date + 1,
    ((begins - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date + 1
FROM span WHERE begins < ends ORDER BY card_id, begins
"""


@dataclass(frozen=True, kw_only=True)
class RatedCard:
    """A card in a month: its plans in the order of their days, its states. `plan_id` is its plan of today."""

    card_id: int
    plan_id: int | None
    plan_ids: tuple[int, ...]
    terms: tuple[Term, ...]
    life: Life


def rated_cards(month: date, card_ids: Collection[int] | None = None) -> Iterator[RatedCard]:
    """Yield the cards that had a plan in the month of a first day, in the order of their ids; five statements."""
    end = next_month(month)
    prices, spans = plan_prices(), _spans(month, card_ids)
    known: dict[tuple[int, date, date], Term] = {}
    last: tuple[Any, ...] | None = None
    plan_ids: list[int] = []
    terms: list[Term] = []
    for row in _rows(TERMS, {"month": month, "end": end, "cards": _listed(card_ids)}):
        if last is not None and row[0] != last[0]:
            yield _card(last, plan_ids, terms, spans, month)
            plan_ids, terms = [], []
        last, place = row[:4], row[4:]
        plan_ids.append(place[0])
        terms.append(known.setdefault(place, Term(place[1], place[2], prices.get(place[0], ()))))
    if last is not None:
        yield _card(last, plan_ids, terms, spans, month)


def plan_prices() -> dict[int, tuple[Price, ...]]:
    """Return the prices of each plan, by its id."""
    prices: defaultdict[int, list[Price]] = defaultdict(list)
    for one in PlanPrice.objects.order_by("plan", "effective_from"):
        prices[one.plan_id].append(price_of(one))
    return {plan_id: tuple(own) for plan_id, own in prices.items()}


def price_of(one: PlanPrice) -> Price:
    """Return a stored price as the rules know it."""
    return Price(
        **{name: getattr(one, name) for name in Price.__dataclass_fields__},
    )


def uses(month: date, card_ids: Collection[int] | None = None) -> dict[int, Use]:
    """Return what cards used of messages and data in a month, by card id."""
    rows = BundleUse.objects.filter(month=month)
    if card_ids is not None:
        rows = rows.filter(card__in=card_ids)
    return {
        one.card_id: Use(sms=one.sms, data_mb=one.data_mb, sms_fee=one.sms_fee, data_fee=one.data_fee) for one in rows
    }


def call_charges(month: date, card_ids: Collection[int]) -> Mapping[int, Decimal]:
    """Return what the counted calls of cards were charged in a month, by card id, CNY."""
    rows = _rows(CALLED, {"month": month, "end": next_month(month), "cards": list(card_ids)})
    return dict(rows)


CALLED = """
SELECT card_id, sum(amount) FROM billing_usagecharge
WHERE counts AND day >= %(month)s AND day < %(end)s AND card_id = ANY(%(cards)s::bigint[]) GROUP BY card_id
"""


def _card(
    row: tuple[Any, ...],
    plan_ids: list[int],
    terms: list[Term],
    spans: Mapping[int, list[tuple[Any, ...]]],
    month: date,
) -> RatedCard:
    card_id, state, activated_on, plan_id = row
    changed = spans.get(card_id)
    if changed is None:
        changed = [(state, month, next_month(month), month)]
    ended = next((begins for name, _starts, _ends, begins in changed if name in ENDED), None)
    life = Life(
        spans=tuple(StateSpan(state=name, starts=starts, ends=ends) for name, starts, ends, _begins in changed),
        activated_on=activated_on,
        ended_from=ended,
    )
    return RatedCard(card_id=card_id, plan_id=plan_id, plan_ids=tuple(plan_ids), terms=tuple(terms), life=life)


def _spans(month: date, card_ids: Collection[int] | None) -> dict[int, list[tuple[Any, ...]]]:
    starts, ends = month_bounds(month)
    spans: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for card_id, *span in _rows(SPANS, {"starts": starts, "ends": ends, "cards": _listed(card_ids)}):
        spans[card_id].append(tuple(span))
    return dict(spans)


def _listed(card_ids: Collection[int] | None) -> list[int] | None:
    return None if card_ids is None else list(card_ids)


def _rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
