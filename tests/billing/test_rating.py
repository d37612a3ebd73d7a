"""A month rated for the whole fleet at once, against the slow reference and by hand (R27, R48, R81, R94)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from billing.models import LedgerEntry
from billing.services.ledger import reverse
from billing.services.rating import rate_month
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.models import Card
from cards.services.many_facts import set_plans
from tests.billing.conftest import generic
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, PlanPriceFactory

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
KINDS = {"monthly_fee": "fee", "sms": "sms", "data": "data", "minimum": "minimum", "out_of_bundle": "calls"}


def sums(card: Card, month: date = OCTOBER) -> dict[str, Decimal]:
    """What a card's entries of a month say by kind, costs above zero."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for kind, amount in LedgerEntry.objects.filter(card=card, month=month).values_list("kind", "amount"):
        found[kind] -= amount
    return {kind: amount for kind, amount in found.items() if amount}


@pytest.fixture
def bundled(card):
    """The card's plan includes 3 minutes."""
    price = card.plan.prices.get()
    price.included_minutes = 3
    price.save()
    return card


def calls(*rows: tuple[int, int]) -> str:
    """Outgoing calls of November: day and seconds, no fee."""
    return generic(*(f"13812345678,2026-11-{day:02} 09:00:00,out,13900000001,{seconds}," for day, seconds in rows))


def test_a_month_is_rated_by_a_command(bundled, load, now, time_machine, capsys):
    """R27: what it posted is journalled, a second run posts nothing, and no month is rated before it begins."""
    time_machine.move_to(now, tick=False)
    load(calls((5, 100), (6, 170)), source=UsageSourceFactory(slug="pbx", role="switch"))
    for _again in range(2):
        call_command("rate_month", "2026-11", "--every-call")
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "2026-11: 2 entries, -30.30 CNY.",
        "2026-11: 0 entries, 0.00 CNY.",
    ]
    (entry,) = Entry.objects.filter(action="billing.month_rated")
    assert entry.data == {"month": "2026-11", "entries": 2, "amount": "-30.30", "every_call": True}
    for month in ("2026-12", "2026-13"):
        with pytest.raises(CommandError):
            call_command("rate_month", month)


def test_what_leaves_the_bundle_is_posted_as_it_does_and_late_calls_move_it(bundled, load, now):
    """R27: 3 minutes included, 0.15 beyond; what came late takes its place by time, and only differences are posted."""
    november, switch = date(2026, 11, 1), UsageSourceFactory(slug="pbx", role="switch")
    load(calls((5, 100), (6, 70)), source=switch)
    rate_month(month=november, actor=None, now=now)
    assert sums(bundled, november) == {"monthly_fee": Decimal(30), "out_of_bundle": Decimal("0.15")}
    load(calls((2, 61)), source=switch, name="late.csv")
    assert rate_month(month=november, actor=None, now=now).amount == Decimal("-0.30")
    load(calls((6, 70), (7, 60)).replace(",\n", ",0.05\n"), name="carrier.csv")
    rate_month(month=november, actor=None, now=now)
    assert sums(bundled, november) == {
        "monthly_fee": Decimal(30),
        "out_of_bundle": Decimal("0.15"),
        "usage": Decimal("0.10"),
    }


def test_a_plan_set_for_days_that_passed_is_charged_since_then(bundled, load, now):
    """R81: ten days on one plan and twenty on another; calls are priced by the plan of their day."""
    november, switch = date(2026, 11, 1), UsageSourceFactory(slug="pbx", role="switch")
    dear = PlanPriceFactory(plan__carrier=bundled.carrier, monthly_fee=60, minute_price=Decimal("0.50"))
    load(calls((5, 60), (15, 60)), source=switch)
    rate_month(month=november, actor=None, now=now)
    set_plans(plans={bundled.pk: dear.plan}, actor=None, now=now, since=date(2026, 11, 11))
    rate_month(month=november, actor=None, now=now)
    assert sums(bundled, november) == {"monthly_fee": Decimal(50), "out_of_bundle": Decimal("0.50")}


def test_what_somebody_took_back_is_not_posted_again(card, now):
    rate_month(month=date(2026, 11, 1), actor=None, now=now)
    reverse(entry=LedgerEntry.objects.get(), note="agreed", actor=None, now=now)
    assert rate_month(month=date(2026, 11, 1), actor=None, now=now).entries == 0


def test_one_card_takes_as_many_statements_as_three(card, now):
    def cost(month: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            rate_month(month=date(2026, month, 1), actor=None, now=now)
        return len(seen)

    rate_month(month=date(2026, 10, 1), actor=None, now=now)
    one = cost(11)
    for _ in range(2):
        CardFactory(plan=card.plan, carrier=card.carrier)
    rate_month(month=date(2026, 10, 1), actor=None, now=now)
    assert cost(12) == one


def api(role: Role) -> APIClient:
    client = APIClient()
    client.force_authenticate(PersonFactory(role=role))
    return client


@pytest.mark.usefixtures("reference")
def test_messages_and_data_come_over_the_api_and_are_rated_with_the_month(card, now):
    """R81: 10 messages beyond and 3 MB; what is posted again puts the earlier word aside."""
    card.plan.prices.update(sms_price="0.10", data_price_mb="0.29")
    finance = api(Role.FINANCE)
    told = {"card": card.pk, "month": "2026-10-01", "sms": 99, "data_mb": "3"}
    assert finance.post("/api/v1/usage/bundles/", told).status_code == 201
    assert finance.post("/api/v1/usage/bundles/", told | {"sms": 10}).status_code == 201
    rate_month(month=OCTOBER, actor=None, now=now)
    assert sums(card) == {"monthly_fee": Decimal(30), "sms": Decimal("1.00"), "data": Decimal("0.87")}
    assert finance.post("/api/v1/usage/bundles/", told | {"sms_fee": "-1"}).status_code == 400
    assert api(Role.AGENT).get("/api/v1/usage/bundles/").status_code == 403
