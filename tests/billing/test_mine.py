"""An agent's own charges and missed calls, as the agent sees them."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from rest_framework.test import APIClient
from time_machine import travel

from agents.selectors.callees import hash_of
from billing.models import LedgerEntry, UsageCharge, UsageRecord
from billing.selectors.missed import missed_calls
from billing.selectors.own_charges import own_charges
from billing.services.partitions import ensure_partitions
from cardfleet.accounts.choices import Role
from tests.billing.test_api import API, signed_in
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CalleeListingFactory, hand_over
from tests.factories.billing import AccountFactory, UsageSourceFactory
from tests.factories.cards import CardFactory, PlanPriceFactory, RatePlanFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HOUR = timedelta(hours=1)


def api_of(person) -> APIClient:
    api = APIClient()
    api.force_authenticate(person)
    return api


@pytest.fixture
def held():
    """A card with a plan in an agent's hands for three days."""
    agent = AgentFactory(user=PersonFactory(team=TeamFactory(), role=Role.AGENT))
    plan = RatePlanFactory()
    PlanPriceFactory(plan=plan, monthly_fee=29, minute_price=Decimal("0.15"))
    at = FRIDAY - timedelta(days=3)
    return hand_over(CardFactory(plan=plan, carrier=plan.carrier), agent, at=at, accepted_at=at)


@pytest.fixture
def calls(held):
    """What records a call of the card."""
    ensure_partitions((FRIDAY - timedelta(days=8)).date(), FRIDAY.date())
    source = UsageSourceFactory()

    def record(caller, ago, direction="in", *, answered=False):
        UsageRecord.objects.create(
            card=held.card, started_at=FRIDAY - ago, uid=uuid.uuid4(), source=source, batch_id=1, agent=held.agent,
            msisdn=held.card.msisdn, direction=direction, counterpart=caller, duration_s=0, answered=answered,
        )  # fmt: skip

    return record


def test_missed_callers_wait_until_they_are_called_back_or_settled(client, held, calls):
    """R115: inbound, unanswered, on own cards since they are held; whom one may not call is said so."""
    waiting, reached, before, refused = (f"+861390000000{digit}" for digit in range(4))
    calls(waiting, 5 * HOUR)
    calls(waiting, 4 * HOUR)
    calls(reached, 5 * HOUR)
    calls(reached, 3 * HOUR, "out")
    calls(before, timedelta(days=4))
    calls(refused, 2 * HOUR)
    CalleeListingFactory(number_hash=hash_of(refused))
    found = missed_calls(held.agent.user, now=FRIDAY)
    assert [(one.caller, one.times, one.is_refused) for one in found] == [(refused, 1, True), (waiting, 2, False)]
    assert missed_calls(AgentFactory().user, now=FRIDAY) == []
    client.force_login(held.agent.user)
    url = reverse("billing:my-missed")
    with travel(FRIDAY, tick=False):
        page = client.get(url).content.decode()
        assert (waiting in page, "139****0000" in page) == (False, True)
        client.post(url, {"card": held.card_id, "caller": found[1].caller_hash})
        client.post(url, {"card": CardFactory().pk, "caller": found[0].caller_hash})
    assert [one.caller for one in missed_calls(held.agent.user, now=FRIDAY)] == [refused]
    calls(waiting, -HOUR)
    assert waiting in [one.caller for one in missed_calls(held.agent.user, now=FRIDAY + 2 * HOUR)]


def test_every_charge_of_the_month_stands_with_the_tariff(client, held):
    """R68, R81, R82: own calls by day, the card's fees whole, nothing of another's calls or of money paid in."""
    account, month = AccountFactory(cards=[held.card]), date(2026, 11, 1)
    for kind, amount in (("monthly_fee", -29), ("top_up", 100), ("usage", -5), ("other_charge", -3)):
        LedgerEntry.objects.create(
            account=account,
            card=held.card,
            kind=kind,
            amount=amount,
            at=FRIDAY,
            month=month,
            posted_at=FRIDAY,
            key=kind,
        )
    for agent, amount in ((held.agent, "1.50"), (AgentFactory(), "4.00")):
        UsageCharge.objects.create(
            card=held.card, day=FRIDAY.date(), role="carrier", agent=agent, calls=3, seconds=600, amount=amount
        )
    (mine,) = own_charges(held.agent.user, month, now=FRIDAY)
    assert (mine.days, mine.call_cost, mine.entry_cost, mine.total) == (4, Decimal("1.50"), 32, Decimal("33.50"))
    assert mine.tariff.monthly_fee == 29
    assert own_charges(held.agent.user, date(2026, 10, 1), now=FRIDAY) == []
    client.force_login(held.agent.user)
    with travel(FRIDAY, tick=False):
        page = client.get(reverse("billing:my-charges"), {"month": "2026-11"})
        told = api_of(held.agent.user).get(f"{API}usage/charges/?month=2026-11").json()
        of_others = signed_in(Role.AGENT).get(f"{API}usage/charges/").json()
    assert (page.context["total"], "¥33.50" in page.content.decode()) == (Decimal("33.50"), True)
    (told_of,) = told["cards"]
    assert (told["total"], told_of["days"], told_of["tariff"]["monthly_fee"]) == ("33.50", 4, "29.00")
    assert [(one["kind"], one["amount"]) for one in told_of["entries"]] == [
        ("monthly_fee", "29.00"),
        ("other_charge", "3.00"),
    ]
    assert told_of["calls"] == [{"day": "2026-11-20", "calls": 3, "amount": "1.50"}]
    assert (of_others["total"], of_others["cards"]) == ("0.00", [])


def test_a_program_of_ones_own_is_told_of_missed_calls_and_settles_one(held, calls):
    """R115: nobody else settles it, and no number is told."""
    calls("+8613900000000", HOUR)
    missed, settle = f"{API}usage/missed/", f"{API}usage/missed/settle/"
    with travel(FRIDAY, tick=False):
        mine, other = api_of(held.agent.user), api_of(AgentFactory(user=PersonFactory(role=Role.AGENT)).user)
        (told,) = mine.get(missed).json()["results"]
        assert (told["caller"], told["times"]) == ("139****0000", 1)
        named = {"card": told["card"], "caller_key": told["caller_key"]}
        assert [api.post(settle, named).status_code for api in (other, mine, mine)] == [404, 201, 404]
        assert mine.get(missed).json()["results"] == []
