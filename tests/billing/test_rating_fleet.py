"""A month of random cards rated together, against the slow reference (R27, R81)."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from random import Random

import pgtrigger
import pytest

from billing.models import BundleUse, LedgerEntry
from billing.services.rating import rate_month
from cardfleet.journal.models import Entry
from cards.models import Card, CardChange
from cards.services.many_facts import set_plans
from tests.billing.rating_months import keep_calls, money, some_month
from tests.billing.reference_rating import SlowMonth, rate
from tests.factories.cards import CardFactory, PlanPriceFactory, RatePlanFactory

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
KINDS = {"monthly_fee": "fee", "sms": "sms", "data": "data", "minimum": "minimum", "out_of_bundle": "calls"}


def sums(card: Card, month: date = OCTOBER) -> dict[str, Decimal]:
    """What a card's entries of a month say by kind, costs above zero."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for kind, amount in LedgerEntry.objects.filter(card=card, month=month).values_list("kind", "amount"):
        found[kind] -= amount
    return {kind: amount for kind, amount in found.items() if amount}


def stored(month: SlowMonth, now: datetime) -> Card:
    """Write a random month of a card as the services would have: plans, states, calls as charged, what was used."""
    card = CardFactory(activated_on=month.activated, service_since=month.states[0][0], plan=None)
    with pgtrigger.ignore("cards.CardChange:append_only"):  # it was in our books before the month
        CardChange.objects.filter(card=card).delete()
    for starts, prices in month.plans:
        plan = None
        if prices is not None:
            plan = RatePlanFactory(carrier=card.carrier)
            for told in prices:
                known = {name: told[name] for name in told.keys() - {"from", "to"}}
                PlanPriceFactory(plan=plan, effective_from=told["from"], effective_to=told["to"], **known)
        set_plans(plans={card.pk: plan}, actor=None, now=now, since=starts)
    for (_before, was), (moment, state) in zip(month.states, month.states[1:], strict=False):
        CardChange.objects.create(
            card=card, axis="service", from_state=was, to_state=state, at=moment, recorded_at=moment, source="import"
        )
    Card.objects.filter(pk=card.pk).update(service_state=month.states[-1][1])
    BundleUse.objects.create(
        card=card,
        month=OCTOBER,
        sms=month.sms,
        data_mb=money(month.data),
        sms_fee=money(month.sms_fee),
        data_fee=money(month.data_fee),
        recorded_at=now,
    )
    return card


@pytest.mark.owner
def test_all_cards_at_once_cost_what_the_slow_reference_says(now):
    """R27: twenty random months stored and rated together, then again: equal to the fen, and nothing new."""
    chance, expected = Random(81), {}
    for _ in range(20):
        month = some_month(chance)
        if month.plans[0][1] is None:  # a first plan is known from a card's beginning
            month.plans = [(month.plans[0][0], None)]
        card = stored(month, now)
        expected[card] = {kind: money(getattr(rate(month), name)) for kind, name in KINDS.items()}
        keep_calls(card, month.calls)
    posted = rate_month(month=OCTOBER, actor=None, now=now, every_call=True)
    found = {card: sums(card) for card in expected}
    assert found == {card: {kind: cost for kind, cost in told.items() if cost} for card, told in expected.items()}
    assert posted.entries == LedgerEntry.objects.count() > 20
    assert rate_month(month=OCTOBER, actor=None, now=now, every_call=True).entries == 0
    assert Entry.objects.filter(action="billing.month_rated").count() == 1
