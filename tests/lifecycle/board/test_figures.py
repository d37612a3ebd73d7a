"""The board's figures: hours, states, standby, cost, age."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.choices import EntryKind
from billing.models import UsageCharge
from billing.services.ledger import post
from billing.services.ledger import reverse as reverse_entry
from cardfleet.jobs.models import ScheduledRun
from cards.choices import CustodyState, RealNameState, ServiceState
from cards.models import Card, CardChange
from lifecycle.selectors.board.stock import stock
from lifecycle.selectors.board.strip import calls_by_hour
from lifecycle.selectors.board.totals import freshness
from tests.conftest import FRIDAY
from tests.factories.accounts import TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory, CarrierRuleFactory
from tests.lifecycle.board.facts import called, held_by, in_team, risk

WINDOW = {"allowed": [["09:00", "12:00"], ["14:00", "20:00"]]}


def test_strip_sums_teams_and_takes_the_fullest_source(supervisor, team):
    """R31, R84: one call seen by two sources counts once; cards in stock raise no cap."""
    CarrierRuleFactory(kind="call_window", params=WINDOW, limit=None, warn=None)
    first, second = held_by(in_team(team)), held_by(in_team(team))
    called(first, {9: 10, 10: 5})
    called(first, {9: 12, 10: 8}, role="switch")
    called(second, {9: 170})
    risk(first, calls_today=20)
    risk(second, calls_today=170)
    risk(CardFactory(team=team))
    called(CardFactory(team=TeamFactory()), {9: 50})
    strip = calls_by_hour(Card.objects.visible_to(supervisor), now=FRIDAY)
    (row,) = strip.teams
    assert (row.name, row.cards, row.calls, row.cap, row.near) == ("East", 2, 190, 400, 1)
    assert [cell.share for cell in row.cells[:2]] == [46, 48]


def test_states_and_standby_are_counted(supervisor, team):
    """R55: how many spares could be handed out, and why not the rest."""
    mobile = CarrierFactory(name="Mobile")
    CardFactory(team=team, carrier=mobile)
    CardFactory(team=team, carrier=mobile, custody_state=CustodyState.SPARE, real_name_state=RealNameState.PENDING)
    CardFactory(team=team, carrier=mobile, service_state=ServiceState.PENDING)
    CardFactory(team=team, carrier=mobile, service_state=ServiceState.CANCELLED)
    found = stock(Card.objects.visible_to(supervisor), now=FRIDAY)
    assert dict(found.states) == {"active": 2, "pending": 1}
    assert [(one.name, one.ready, one.held) for one in found.standby] == [("Mobile", 1, 3)]
    assert (found.not_in_service, found.not_registered, found.usable) == (1, 1, 66.7)


def test_standby_is_held_against_the_worst_day(supervisor, team):
    """R55: the most cards of a carrier that others stopped on one day of the last 30, times one and a half."""
    mobile = CarrierFactory(name="Mobile")
    for days, state in (
        (2, "full_stop"),
        (2, "forced_stop"),
        (9, "half_stop"),
        (2, "voluntary_stop"),
        (40, "full_stop"),
    ):
        card = CardFactory(team=team, carrier=mobile, service_state=state, custody_state=CustodyState.RETURNED)
        moment = FRIDAY - timedelta(days=days)
        stop = {"axis": "service", "to_state": state, "at": moment, "recorded_at": moment, "source": "person"}
        CardChange.objects.create(card=card, **stop)
    CardFactory(team=team, carrier=mobile)
    (row,) = stock(Card.objects.visible_to(supervisor), now=FRIDAY).standby
    assert (row.ready, row.target, row.lacking) == (1, 3, 2)


def test_cost_is_what_cards_in_scope_were_charged_this_month(client, supervisor, team):
    """R13, R66: the cost report's figure; calls go on at their pace, the monthly fee does not come again."""
    agent, stranger = in_team(team), AgentFactory()
    card, other = held_by(agent), held_by(stranger)
    called_for = [(card, agent, Decimal("12.30")), (other, stranger, Decimal(99))]
    UsageCharge.objects.bulk_create(
        UsageCharge(
            card=of, day=date(2026, 11, 20), role="carrier", agent=by, team=by.user.team, amount=Decimal(amount)
        )
        for of, by, amount in called_for
    )
    known = {"account": AccountFactory(cards=[card, other]), "card": card, "actor": None, "now": FRIDAY}
    post(kind=EntryKind.MONTHLY_FEE, amount=Decimal("-8.00"), **known)
    post(kind=EntryKind.TOP_UP, amount=Decimal(50), **known)
    wrong = post(kind=EntryKind.OTHER_CHARGE, amount=Decimal(-5), **known)
    reverse_entry(entry=wrong, note="twice", actor=None, now=FRIDAY)
    client.force_login(supervisor)
    part = client.get(reverse("lifecycle:board-cost"))
    cost = part.context["cost"]
    assert (cost.report.total.total, cost.elapsed) == (Decimal("20.30"), 66)
    assert cost.forecast == Decimal("26.45")
    assert [(row.key, row.total) for row in cost.report.rows] == [(team.pk, Decimal("15.23")), (None, Decimal("5.07"))]
    assert "20.30" in part.content.decode()


@pytest.mark.parametrize(("hours", "stale"), [(2, False), (4, True)])
def test_the_board_says_when_it_is_stale(db, hours, stale):
    """Mockups: data older than three hours is said to be."""
    at = FRIDAY - timedelta(hours=hours)
    ScheduledRun.objects.create(name="assess_suspension_risk", on=at.date(), started_at=at, ok=True)
    found = freshness(now=FRIDAY)
    assert (found.as_of, found.is_stale) == (at, stale)
