"""Wasted fees with their next step, use of the cards, and what a card cost in its life (R66, R84, R94, R95, R114)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from billing.choices import EntryKind, WasteKind
from billing.models import LateUsage
from billing.selectors.lifetime import lifetime_of, months_between
from billing.selectors.waste import waste_of
from billing.services import ledger
from billing.services.closing import close_month
from cardfleet.accounts.choices import Role
from tests.billing.conftest import at, generic
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, held
from tests.factories.cards import CardFactory, PlanPriceFactory

NOVEMBER = date(2026, 11, 1)


def charge(card, kind, amount):
    account = card.paid_by.get().account if card.paid_by.exists() else AccountFactory(cards=[card])
    ledger.post(account=account, kind=kind, amount=-Decimal(amount), actor=None, now=at(1), card=card, month=NOVEMBER)


@pytest.fixture
def fleet(reference, card, load):
    """A card that calls little of its plan, one held without a call, one on the shelf, one with an extra service."""
    team = TeamFactory()
    price = PlanPriceFactory(included_minutes=100, effective_from=date(2026, 1, 1))
    unused, idle, free = CardFactory(team=team), CardFactory(), CardFactory()
    for one in (card, free):
        one.team, one.plan = team, price.plan
        one.save(update_fields=["team", "plan"])
    for one in (card, unused, free):
        held(one, AgentFactory(user__team=team), at(1))
    load(generic("13812345678,2026-11-09 09:00:00,out,13900000001,61,0.31"))
    for one, amount in ((card, 30), (unused, 20), (idle, 10)):
        charge(one, EntryKind.MONTHLY_FEE, amount)
    charge(free, EntryKind.VALUE_ADDED, 5)
    return {"low_use": card, "unused": unused, "idle": idle, "unasked": free, "team": team}


def test_each_wasted_fee_has_its_reason(fleet):
    """R66, R94: unused plans, idle fees, plans too large, services nobody asked for."""
    finance = PersonFactory(role=Role.FINANCE)
    found = {line.why.value: (line.card, line.amount) for line in waste_of(NOVEMBER, finance).lines}
    amounts = {"low_use": 30, "unused": 20, "idle": 10, "unasked": 5}
    assert found == {why: (fleet[why], amount) for why, amount in amounts.items()}
    assert {kind.value: wasted.amount for kind, wasted in waste_of(NOVEMBER, finance).sums.items()} == amounts
    assert [line.why for line in waste_of(NOVEMBER, finance, why="idle").lines] == [WasteKind.IDLE]
    stranger = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    assert not waste_of(NOVEMBER, stranger).lines


def test_how_far_the_cards_of_a_team_were_used(fleet):
    """R84, R95: the share that made no call, and of the minutes the plans include."""
    uses = {use.team: use for use in waste_of(NOVEMBER, PersonFactory(role=Role.FINANCE)).uses}
    use = uses[fleet["team"].name]
    assert (use.cards, use.held, use.called, use.idle_rate) == (3, 3, 1, 66)
    assert (use.minutes, use.included, use.of_minutes) == (2, 200, 1)


def test_a_program_is_told_of_the_waste_what_the_page_tells(fleet):
    """R66, R84, R94, R95: by reason, card and team; nothing of another team's."""
    asked = {"month": "2026-11", "why": "idle"}
    told = signed_in(Role.FINANCE).get(f"{API}reports/waste/", asked).json()
    sums = {"low_use": "30.00", "unused": "20.00", "idle": "10.00", "unasked": "5.00"}
    assert {one["why"]: one["amount"] for one in told["sums"]} == sums
    assert [(one["card"], one["amount"]) for one in told["lines"]] == [(fleet["idle"].pk, "10.00")]
    (use,) = [one for one in told["uses"] if one["team"] == fleet["team"].name]
    assert (use["cards"], use["idle_rate"], use["of_minutes"]) == (3, 66, 1)
    stranger = signed_in(Role.SUPERVISOR, scope=TeamFactory()).get(f"{API}reports/waste/", asked).json()
    assert (stranger["lines"], {one["amount"] for one in stranger["sums"]}) == ([], {"0.00"})
    for wrong in ({"why": "moon"}, {"month": "0001-01"}, {"month": "9999-12"}, {"colour": "red"}):
        assert signed_in(Role.FINANCE).get(f"{API}reports/waste/", wrong).status_code == 400


def test_calls_that_came_after_the_close_count_as_use(fleet):
    """R66: a card whose calls of the month came late was no idle one, though their cost is another month's."""
    finance, idle = PersonFactory(role=Role.FINANCE), fleet["idle"]
    LateUsage.objects.create(card=idle, month=date(2026, 12, 1), of_month=NOVEMBER, calls=2, seconds=90)
    assert waste_of(NOVEMBER, finance).sums[WasteKind.IDLE].cards == 0


def test_the_page_asks_the_same_of_three_cards_as_of_one(fleet, client, django_assert_num_queries):
    client.force_login(PersonFactory(role=Role.ADMIN))
    address = reverse("billing:waste"), {"month": "2026-11", "why": "idle"}
    client.get(*address)
    with CaptureQueriesContext(connection) as one:
        client.get(*address)
    for _more in range(2):
        charge(CardFactory(team=TeamFactory()), EntryKind.MONTHLY_FEE, 10)
    with django_assert_num_queries(len(one)):
        page = client.get(*address).content.decode()
    assert page.count("kind=cancellation") == 3


def test_the_page_leads_to_the_next_step(fleet, client):
    client.force_login(PersonFactory(role=Role.ADMIN))
    page = client.get(reverse("billing:waste"), {"month": "2026-11"}).content.decode()
    assert f"{reverse('lifecycle:case-new')}?card={fleet['idle'].pk}&amp;kind=cancellation" in page
    assert f"{reverse('billing:ledger')}?card={fleet['unasked'].pk}" in page
    assert client.get(reverse("billing:waste"), {"why": "weather"}).status_code == 400


def test_a_late_fee_is_of_the_month_it_is_about(fleet):
    """R94: a fee that came after the close is added to its month's, though the ledger counts it in the open one."""
    later, finance, idle = at(3, month=12), PersonFactory(role=Role.FINANCE), fleet["idle"]
    close_month(month=NOVEMBER, actor=None, now=later, is_seen=True)
    account, known = idle.paid_by.get().account, {"card": idle, "actor": None, "now": later}
    ledger.post(account=account, kind=EntryKind.MONTHLY_FEE, amount=Decimal(-2), month=NOVEMBER, is_late=True, **known)
    assert waste_of(NOVEMBER, finance, why="idle").lines[0].amount == 12
    assert not waste_of(date(2026, 12, 1), finance).lines


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), 1),
        (date(2025, 12, 31), date(2026, 1, 1), 2),
        (date(2026, 2, 1), date(2026, 1, 1), 0),
    ],
)
def test_months_of_service(first, last, months):
    assert months_between(first, last) == months


def test_what_a_card_cost_in_its_life(fleet, client):
    """R114: price, fees and calls since it was bought, for how long; a charge taken back costs nothing."""
    card = fleet["low_use"]
    card.purchase_price, card.activated_on = Decimal(12), date(2026, 10, 5)
    card.save(update_fields=["purchase_price", "activated_on"])
    account = card.paid_by.get().account
    mistake = ledger.post(
        account=account, kind=EntryKind.SMS, amount=Decimal(-3), actor=None, now=at(2), card=card, month=NOVEMBER
    )
    ledger.reverse(entry=mistake, note="", actor=None, now=at(2))
    life = lifetime_of(card, today=date(2026, 11, 20))
    assert [amount for _kind, amount in life.charges] == [Decimal(30), Decimal("0.31")]
    assert (life.total, life.months, life.a_month, life.stops) == (Decimal("42.31"), 2, Decimal("21.16"), 0)
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert "¥42.31" in client.get(reverse("billing:lifetime", args=[card.pk])).content.decode()
    with travel(at(20)):
        told = signed_in(Role.FINANCE).get(f"{API}card-costs/{card.pk}/").json()
    assert told == {
        "price": "12.00", "total": "42.31", "since": "2026-10-05", "months": 2, "a_month": "21.16", "stops": 0,
        "charges": [{"kind": "monthly_fee", "amount": "30.00"}, {"kind": "usage", "amount": "0.31"}], "replaced": 0,
    }  # fmt: skip
    stranger = signed_in(Role.SUPERVISOR, scope=TeamFactory())
    assert stranger.get(f"{API}card-costs/{card.pk}/").status_code == 404
