"""The plan that would have cost least, worked by hand (R48, R66)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import BundleUse, PlanAdvice
from billing.selectors.best_plan import plan_costs
from billing.services.plan_advice import advise_plans
from billing.tasks import advise_better_plans
from cardfleet.accounts.choices import Role
from cards.models import Card
from tests.billing.rating_months import keep_calls
from tests.billing.reference_rating import CHINA, SlowCall
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, PlanPriceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = date(2026, 11, 20)


def talked(card: Card, day: date, minutes: int, calls: int = 1) -> None:
    """Outgoing calls of a day, equally long, that take so many minutes together."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=CHINA)
    own = [
        SlowCall(at=at + timedelta(minutes=n), out=True, seconds=minutes * 60 // calls, order=n) for n in range(calls)
    ]
    keep_calls(card, own)


@pytest.fixture
def dear():
    """59 yuan with 100 minutes, 0.20 beyond; bound for 12 months: 30 yuan and a tenth of the fees left."""
    return PlanPriceFactory(
        monthly_fee=59,
        included_minutes=100,
        minute_price=Decimal("0.20"),
        rounding_s=1,
        plan__lock_in_months=12,
        plan__exit_penalty=30,
        plan__exit_share=Decimal("0.1"),
    ).plan


@pytest.fixture
def card(dear):
    """300 minutes a month in August to October."""
    card = CardFactory(plan=dear, carrier=dear.carrier, activated_on=date(2026, 1, 10), team=TeamFactory())
    for month in (8, 9, 10):
        talked(card, date(2026, month, 3), 200)
        talked(card, date(2026, month, 9), 100)
    return card


def test_the_best_plan_with_lock_in_and_minimum_spend(card, dear, now):
    """R48: 59 + 200 x 0.20 = 99 a month. Small: 9 + 300 x 0.15 = 54. Minimum: 80 at least. Not sold and foreign: never.

    Bound until 10 January, two begun months: 30 + 0.1 x 59 x 2 = 41.80. Saving 12 x 45 - 41.80 = 498.20.
    """
    of = {"plan__carrier": dear.carrier, "rounding_s": 1}
    small = PlanPriceFactory(**of, monthly_fee=9, minute_price=Decimal("0.15")).plan
    least = PlanPriceFactory(**of, monthly_fee=1, minute_price=Decimal("0.01"), minimum_spend=80).plan
    PlanPriceFactory(**of, monthly_fee=1, plan__is_sold=False)
    PlanPriceFactory(monthly_fee=1)
    assert advise_better_plans(on=TODAY, now=now) == advise_better_plans(on=TODAY, now=now) == {"better": 1}
    told = PlanAdvice.objects.get()
    assert (told.months, told.minutes, told.cost, told.best, told.best_cost) == (3, 300, 99, small, 54)
    assert (told.bound_until, str(told.exit_cost), str(told.saving_year)) == (date(2027, 1, 10), "41.80", "498.20")
    shown = [(one.plan, one.cost, one.is_own) for one in plan_costs(card.pk, today=TODAY)]
    assert shown == [(small, 54, False), (least, 80, False), (dear, 99, True)]


def test_messages_data_and_rounding_count_and_one_month_is_said(dear, now):
    """60 calls of 90 seconds in steps of a minute take two minutes each; 10 messages and 5 MB beyond."""
    other = PlanPriceFactory(
        plan__carrier=dear.carrier,
        monthly_fee=10,
        minute_price=Decimal("0.10"),
        included_sms=5,
        sms_price=Decimal("0.10"),
        included_data_mb=10,
        data_price_mb=Decimal(1),
    )
    card = CardFactory(plan=dear, carrier=dear.carrier, activated_on=date(2026, 9, 2))
    talked(card, date(2026, 9, 5), 900)
    talked(card, date(2026, 10, 5), 90, calls=60)
    BundleUse.objects.create(card=card, month=date(2026, 10, 1), sms=15, data_mb=15, recorded_at=now)
    advise_plans(now=now)
    told = PlanAdvice.objects.get()
    assert (told.months, told.cost, told.best) == (1, 59, other.plan)
    assert told.best_cost == Decimal(10) + Decimal("12.00") + 1 + 5


def test_a_card_without_a_whole_month_gets_no_advice_and_the_best_is_left_alone(card, dear, now):
    PlanPriceFactory(plan__carrier=dear.carrier, monthly_fee=98, minute_price=1)
    CardFactory(plan=dear, carrier=dear.carrier, activated_on=TODAY - timedelta(days=9))
    assert advise_plans(now=now) == 0
    assert [(told.card, told.best) for told in PlanAdvice.objects.all()] == [(card, None)]


def test_the_page_sums_what_is_in_scope_and_leads_to_the_change(card, dear, client, now, django_assert_max_num_queries):
    """R66: the fleet's saving; the supervisor of another team sees none of it."""
    PlanPriceFactory(plan__carrier=dear.carrier, monthly_fee=9, minute_price=Decimal("0.15"), rounding_s=1)
    advise_plans(now=now)
    client.force_login(PersonFactory(role=Role.FINANCE))
    with django_assert_max_num_queries(40):
        page = client.get(reverse("billing:best-plans"), {"carrier": dear.carrier_id, "team": card.team_id})
    assert (page.context["whole"]["cards"], str(page.context["whole"]["saving"])) == (1, "498.20")
    assert len(client.get(reverse("billing:card-plans", args=[card.pk])).context["plans"]) == 2
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    assert client.get(reverse("billing:best-plans")).context["whole"]["cards"] == 0
    assert client.get(reverse("billing:card-plans", args=[card.pk])).status_code == 404
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=card.team))
    assert b'name="ids"' in client.get(reverse("billing:best-plans")).content


def test_a_program_is_told_of_plans_what_the_pages_tell(card, dear, now, time_machine):
    """R48, R66: the saving of each card in scope, and each plan of a card's carrier."""
    PlanPriceFactory(plan__carrier=dear.carrier, monthly_fee=9, minute_price=Decimal("0.15"), rounding_s=1)
    advise_plans(now=now)
    time_machine.move_to(now, tick=False)
    finance, stranger = signed_in(Role.FINANCE), signed_in(Role.SUPERVISOR, scope=TeamFactory())
    (told,) = finance.get(f"{API}plan-advice/", {"saving_year_min": 400}).json()["results"]
    assert (told["card"], told["cost"], told["best_cost"], told["saving_year"]) == (card.pk, "99.00", "54.00", "498.20")
    plans = finance.get(f"{API}card-costs/iccid:{card.iccid}/plans/").json()["plans"]
    assert [(one["cost"], one["is_own"]) for one in plans] == [("54.00", False), ("99.00", True)]
    assert stranger.get(f"{API}plan-advice/").json()["results"] == []
    assert stranger.get(f"{API}card-costs/{card.pk}/plans/").status_code == 404
    assert signed_in(Role.COMPLIANCE).get(f"{API}plan-advice/").status_code == 403
