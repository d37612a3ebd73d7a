"""What is known for the choice to keep numbers or give them up, for some cards in a fixed number of queries (R99)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max

from billing.choices import CallDirection
from billing.models import UsageDaily, UsageRecord
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.money import ZERO
from cards.models import Card
from cards.rules.carrier_terms import Dated, recycle
from lifecycle.choices import CaseKind, CaseOutcome
from lifecycle.models import Case
from lifecycle.rules.keeping import CALLER_DAYS, USE_DAYS, KeepFacts, Weighing, weigh
from lifecycle.rules.settlement import Purse, settle
from lifecycle.selectors.board.stock import Spares, spares
from lifecycle.selectors.facts import CardInputs, inputs_of, terms_of
from lifecycle.selectors.settling import lock_of, purses


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """A card's facts with the advice they give; days are Shanghai days."""

    facts: KeepFacts
    weighing: Weighing
    last_call_on: date | None
    last_topup_on: date | None
    recycled: Dated | None


@dataclass(frozen=True, kw_only=True)
class _Use:
    """Days and calls of the last weeks, and who called."""

    days: int = 0
    calls: int = 0
    callers: int = 0


def keeping(cards: Collection[Card], *, now: datetime) -> dict[int, Keeping]:
    """Return the advice for some cards by card id, in a fixed number of queries; `carrier` should be joined."""
    today, card_ids = business_day(now), [card.pk for card in cards]
    known = inputs_of(card_ids, now=now)
    held, used = purses(known, today=today), _used(card_ids, today)
    spare = spares({card.carrier_id for card in cards}, now=now)
    return {
        card.pk: _keeping(card, known[card.pk], held[card.pk], used.get(card.pk, _Use()), spare[card.carrier_id], today)
        for card in cards
    }


def _keeping(card: Card, known: CardInputs, purse: Purse, use: _Use, spare: Spares, today: date) -> Keeping:
    topped_up = business_day(known.topped_up_at) if known.topped_up_at else None
    used_on = [day for day in (known.last_call_on, topped_up) if day]
    recycled = recycle(terms_of(card.carrier), last_call_on=known.last_call_on, last_topup_on=topped_up)
    fee = lock_of(known).monthly_fee
    facts = KeepFacts(
        today=today,
        is_customer_facing=card.is_customer_facing,
        callers=use.callers,
        days_used=use.days,
        calls=use.calls,
        idle_days=(today - max(used_on)).days if used_on else None,
        recycled_on=recycled.on if recycled else None,
        monthly_cost=max(fee, (known.more and known.more.minimum_spend) or ZERO),
        refund=settle(purse).refund,
        lock=lock_of(known),
        spares_ready=spare.ready,
        spares_wanted=spare.target,
    )
    return Keeping(
        facts=facts, weighing=weigh(facts), last_call_on=known.last_call_on, last_topup_on=topped_up, recycled=recycled
    )


def _used(card_ids: Collection[int], today: date) -> dict[int, _Use]:
    """Return use by card: the source that saw most of a day speaks for it."""
    days = (
        UsageDaily.objects.filter(card__in=card_ids, day__gt=today - timedelta(days=USE_DAYS), day__lte=today)
        .values("card_id", "day")
        .annotate(most=Max("calls"))
        .filter(most__gt=0)
    )
    found: dict[int, list[int]] = {}
    for row in days:
        found.setdefault(row["card_id"], []).append(row["most"])
    callers = dict(
        UsageRecord.objects.filter(
            card__in=card_ids,
            started_at__gte=day_start(today - timedelta(days=CALLER_DAYS)),
            direction=CallDirection.IN,
        )
        .order_by()
        .values_list("card_id")
        .annotate(callers=Count("counterpart", distinct=True))
    )
    return {
        card_id: _Use(
            days=len(found.get(card_id, ())), calls=sum(found.get(card_id, ())), callers=callers.get(card_id, 0)
        )
        for card_id in {*found, *callers}
    }


def last_review(card_id: int) -> Case | None:
    """Return the case in which it was decided last whether a number stays."""
    reviews = Case.objects.filter(card=card_id, kind=CaseKind.NUMBER_REVIEW, closed_at__isnull=False)
    return reviews.exclude(outcome=CaseOutcome.WITHDRAWN).order_by("-closed_at").first()
