"""Holders confirm the details of their cards each quarter (R14); a swap is asked for (R11)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from time_machine import travel

from agents.errors import ConfirmationSettled, RequestNotUsable
from agents.models import CardConfirmation, CardRequest
from agents.services.confirmations import confirm_card, remind_confirmations, settle_confirmation
from agents.services.requests import ask_for_cards
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.notify.models import InboxItem
from cards.models import Card
from lifecycle.filters import FleetFilter
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
BEFORE = FRIDAY - timedelta(days=60)


@pytest.fixture
def held():
    """A card in an agent's hands for two months, accepted."""
    team = TeamFactory()
    agent = AgentFactory(user=PersonFactory(team=team, role=Role.AGENT))
    return hand_over(CardFactory(team=team), agent, at=BEFORE, accepted_at=BEFORE)


@pytest.fixture
def supervisor(held):
    return PersonFactory(role=Role.SUPERVISOR, scope=held.team)


def test_the_holder_says_what_is_wrong_and_the_office_puts_it_right(client, held, supervisor):
    """R14: said on the phone, told to the supervisor, on the report until it is settled; the last word counts."""
    url, report = reverse("agents:confirm", args=[held.card_id]), reverse("lifecycle:data-quality")
    with travel(FRIDAY, tick=False):
        client.force_login(held.agent.user)
        assert client.get(url).status_code == 200
        assert client.post(url, {"wrong": ["device"], "note": " "}).status_code == 400
        assert client.post(url, {"wrong": ["colour"], "note": "x"}).status_code == 422
        assert client.post(url, {"wrong": ["device"], "note": "another phone"}).status_code == 302
        told = InboxItem.objects.get(user=supervisor)
        assert (told.code, told.url) == ("agents.details_wrong", report)
        client.force_login(supervisor)
        shown = client.get(report).context["report"]
        assert [(said.card, said.wrong) for said in shown.wrong] == [(held.card, ["device"])]
        assert (shown.held, shown.confirmed, shown.cards) == (1, 1, 1)
        assert client.post(reverse("agents:confirmation-settle", args=[shown.wrong[0].pk])).status_code == 302
        assert client.get(report).context["report"].wrong == []
    said = CardConfirmation.objects.get()
    assert (said.period, said.settled_by) == (date(2026, 10, 1), supervisor)
    with pytest.raises(ConfirmationSettled):
        settle_confirmation(confirmation_id=said.pk, actor=supervisor, now=FRIDAY)
    confirm_card(card_id=held.card_id, wrong=[], note="", actor=held.agent.user, now=FRIDAY)
    said.refresh_from_db()
    assert (said.wrong, said.settled_at, Entry.objects.filter(action="agents.card_confirmed").count()) == ([], None, 2)


def test_each_number_of_the_report_leads_to_its_cards(client, held, supervisor):
    """R14: what cards lack, and whose confirmation is missing, as lists of the fleet."""
    CardFactory(team=held.team, service_state="cancelled")
    with travel(FRIDAY, tick=False):
        client.force_login(supervisor)
        report = client.get(reverse("lifecycle:data-quality")).context["report"]
        cards = Card.objects.visible_to(supervisor)
        found = {gap.code: FleetFilter({"lacks": [gap.code]}, queryset=cards).qs.count() for gap in report.gaps}
        assert found == {gap.code: gap.count for gap in report.gaps} != {}
        assert all(found.values())
        page = client.get(reverse("lifecycle:fleet"), {"team": held.team_id, "unconfirmed": "true"})
        assert str(held.card_id) in page.content.decode()
        confirm_card(card_id=held.card_id, wrong=[], note="", actor=held.agent.user, now=FRIDAY)
        assert not FleetFilter({"unconfirmed": True}, queryset=cards).qs.exists()


def test_only_its_holder_confirms_a_card(held, supervisor):
    """R14: not another agent, not the office, not before it is accepted."""
    stranger = AgentFactory(user__team=held.team).user
    for person in (stranger, supervisor):
        with pytest.raises(NotVisible):
            confirm_card(card_id=held.card_id, wrong=[], note="", actor=person, now=FRIDAY)
    with pytest.raises(BadInput):
        confirm_card(card_id=held.card_id, wrong=["colour"], note="x", actor=held.agent.user, now=FRIDAY)


def test_holders_are_reminded_once_a_week_until_they_confirm(held):
    """R14: however often the job runs; a card handed over today waits a day."""
    hand_over(CardFactory(), held.agent, at=FRIDAY, accepted_at=FRIDAY)
    first, second = date(2026, 10, 2), date(2026, 10, 9)
    for day in (first, first, second, date(2026, 12, 1)):
        remind_confirmations(today=day, now=FRIDAY)
    assert InboxItem.objects.filter(user=held.agent.user, code="agents.confirm_details").count() == 2
    assert InboxItem.objects.first().params["count"] == 1
    confirm_card(card_id=held.card_id, wrong=[], note="", actor=held.agent.user, now=FRIDAY)
    assert remind_confirmations(today=date(2026, 10, 16), now=FRIDAY) == {"told": 0}


def test_a_swap_is_asked_for_of_one_card_in_own_hands(client, held):
    """R11, R47: the approver sees which card comes back."""
    client.force_login(held.agent.user)
    given = {"count": 1, "purpose": "sales", "reason": "bad line", "replaces": held.card_id}
    assert client.post(reverse("agents:my-requests"), {**given, "replaces": CardFactory().pk}).status_code == 422
    assert client.post(reverse("agents:my-requests"), {**given, "count": 2}).status_code == 400
    assert client.post(reverse("agents:my-requests"), given).status_code == 302
    assert CardRequest.objects.get().replaces == held.card
    assert str(held.card) in client.get(reverse("agents:my-requests")).content.decode()
    other = AgentFactory(user__team=held.team)
    with pytest.raises(RequestNotUsable):
        ask_for_cards(
            count=1, purpose="sales", reason="x", needed_until=None, replaces=held.card, actor=other.user, now=FRIDAY
        )
