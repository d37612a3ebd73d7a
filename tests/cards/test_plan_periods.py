"""Which plan a card had when, kept by the database (R48, R81)."""

from datetime import date, timedelta

import pytest

from cards.errors import DayAhead
from cards.models import Card, CardPlanPeriod
from cards.services.cards import edit_facts
from cards.services.many_facts import set_plans
from tests.factories.cards import CardFactory, RatePlanFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def periods(card: Card) -> list[tuple[int, date, date | None]]:
    """What is kept of a card."""
    return list(CardPlanPeriod.objects.filter(card=card).values_list("plan", "starts_on", "ends_on"))


def test_a_plan_is_kept_with_its_days(now):
    """R81: recorded with the card, changed by hand, dated back, taken away; one change a day counts."""
    card = CardFactory(activated_on=date(2026, 3, 1), plan=RatePlanFactory())
    first = card.plan
    second, third = RatePlanFactory(carrier=first.carrier), RatePlanFactory(carrier=first.carrier)
    Card.objects.filter(pk=card.pk).update(carrier=first.carrier)
    assert periods(card) == [(first.pk, date(2026, 3, 1), None)]
    edit_facts(card_id=card.pk, changes={"plan": second}, actor=None, now=now)
    edit_facts(card_id=card.pk, changes={"note": "without a change of plan"}, actor=None, now=now)
    assert periods(card) == [(first.pk, date(2026, 3, 1), TODAY), (second.pk, TODAY, None)]
    set_plans(plans={card.pk: third}, actor=None, now=now, since=date(2026, 11, 1))
    assert periods(card) == [(first.pk, date(2026, 3, 1), date(2026, 11, 1)), (third.pk, date(2026, 11, 1), None)]
    set_plans(plans={card.pk: first}, actor=None, now=now, since=date(2026, 11, 1))
    assert periods(card) == [(first.pk, date(2026, 3, 1), None)]
    set_plans(plans={card.pk: None}, actor=None, now=now)
    assert periods(card) == [(first.pk, date(2026, 3, 1), TODAY)]
    with pytest.raises(DayAhead):
        set_plans(plans={card.pk: first}, actor=None, now=now, since=TODAY + timedelta(days=1))


def test_cards_that_come_together_and_without_a_plan(now):
    plan = RatePlanFactory()
    CardFactory.create_batch(2, plan=plan, activated_on=None, received_on=date(2026, 5, 5))
    CardFactory(plan=None)
    assert list(CardPlanPeriod.objects.values_list("plan", "starts_on")) == [(plan.pk, date(2026, 5, 5))] * 2
