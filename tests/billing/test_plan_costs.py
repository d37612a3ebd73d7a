"""What each plan would have cost, against the slow reference: equal to the fen, and the best is the cheapest (R48)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from billing.models import BundleUse, PlanAdvice
from billing.selectors.best_plan import plan_costs
from billing.services.plan_advice import advise_plans
from cardfleet.kernel.money import to_fen
from cards.models import Card, RatePlan
from tests.billing.rating_months import keep_calls, money, some_month, some_price
from tests.billing.reference_rating import CHINA, SlowCall, SlowMonth, rate
from tests.factories.cards import CardFactory, CarrierFactory, PlanPriceFactory, RatePlanFactory

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]
JANUARY = date(2026, 1, 1)


def some_plans(chance: Random, number: int) -> dict[RatePlan, dict]:
    """Plans of a carrier with all terms of their price drawn; the last is not sold any more."""
    carrier, plans = CarrierFactory(), {}
    for place in range(number):
        told = some_price(chance, JANUARY, None)
        plan = RatePlanFactory(carrier=carrier, is_sold=place < number - 1)
        known = {name: told[name] for name in told.keys() - {"from", "to"}}
        PlanPriceFactory(plan=plan, effective_from=JANUARY, **known)
        plans[plan] = told
    return plans


def some_use(chance: Random, card: Card, now) -> list[SlowMonth]:
    """Store calls, messages and data of a card's last months, and return them; a month may have no calls."""
    months = []
    for first in MONTHS:
        drawn = some_month(chance)
        calls = [replace(call, at=moved(call, first)) for call in drawn.calls]
        keep_calls(card, calls)
        if not calls:
            continue
        sms = data = 0
        if chance.random() < 0.7:
            sms, data = drawn.sms, drawn.data
            BundleUse.objects.create(card=card, month=first, sms=sms, data_mb=money(data), recorded_at=now)
        free = sorted((replace(call, fee=None) for call in calls), key=lambda call: (call.at, call.order))
        months.append(SlowMonth(first=first, plans=[], states=[], calls=free, sms=sms, data=Fraction(data)))
    return months


def moved(call: SlowCall, first: date):
    """The moment of a call in another month; no two at once, for the order of those is the source's."""
    at = call.at.replace(year=first.year, month=first.month, day=min(call.at.day, 30), microsecond=call.order)
    return at.astimezone(CHINA)


def cost(months: list[SlowMonth], told: dict) -> Decimal:
    """What the months cost on a plan, all of them on it and in service, no carrier charging anything."""
    whole = Fraction(0)
    for month in months:
        month.plans, month.states = [(JANUARY, [told])], [(month.calls[0].at.replace(month=1), "active")]
        slow = rate(month)
        whole += slow.fee + slow.calls + slow.sms + slow.data + slow.minimum
    return money(whole) or Decimal(0)


@pytest.mark.parametrize("seed", [48, 66, 81])
def test_every_plan_costs_what_the_slow_reference_says(seed, now):
    """R48: fees, calls in and out, steps, bundles, messages, data and minimum of three months, on each plan sold.

    The best is the cheapest of those that are sold, if it saves more than leaving costs.
    """
    chance = Random(seed)
    plans = some_plans(chance, 6)
    expected: dict[Card, dict[RatePlan, Decimal]] = {}
    for number in range(10):
        own = list(plans)[number % 6]
        RatePlan.objects.filter(pk=own.pk).update(lock_in_months=chance.choice([0, 0, 24]), exit_penalty=20)
        card = CardFactory(plan=own, carrier=own.carrier, activated_on=JANUARY)
        if months := some_use(chance, card, now):
            costs = {plan: cost(months, told) for plan, told in plans.items() if plan.is_sold or plan == own}
            expected[card] = costs
            told = {one.plan: one.cost for one in plan_costs(card.pk, today=now.date())}
            assert told == {plan: to_fen(total / len(months)) for plan, total in costs.items()}
            assert {one.months for one in plan_costs(card.pk, today=now.date())} == {len(months)}
    advise_plans(now=now)
    advised = {told.card: told for told in PlanAdvice.objects.select_related("card", "plan", "best")}
    assert advised.keys() == expected.keys()
    for card, told in advised.items():
        costs = expected[card]
        others = {plan: total for plan, total in costs.items() if plan != card.plan}
        cheapest = min(others.values())
        saving = to_fen((costs[card.plan] - cheapest) * 12 / told.months)
        assert told.cost == to_fen(costs[card.plan] / told.months)
        assert (told.best is not None) == (saving > told.exit_cost)
        if told.best:
            assert others[told.best] == cheapest
            assert (told.best.is_sold, told.saving_year) == (True, saving - told.exit_cost)
