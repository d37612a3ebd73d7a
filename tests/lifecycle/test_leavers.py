"""Leavers on the board, in the alerts and on their page (R76)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agents.models import LeavingTask
from agents.services import agents
from agents.services.assignments import return_card
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState, RegistrantKind, Severity
from lifecycle.models import Alert, Case
from lifecycle.rules.leavers import HELD_BY_LEAVER, REGISTERED_TO_LEAVER, Grave, OpenCard, grave
from lifecycle.services.leavers import look_after_leavers
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, RegistrantFactory

TODAY = business_day(FRIDAY)
LATE = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "due_on", "found"),
    [
        ("return", TODAY, Grave(HELD_BY_LEAVER, Severity.CRITICAL)),
        ("user", TODAY, None),
        ("user", LATE, Grave(REGISTERED_TO_LEAVER, Severity.HIGH)),
        ("secrets", LATE, None),
    ],
)
def test_how_grave_a_card_of_a_leaver_is(kind, due_on, found):
    """R76: a card in hand is grave at once, one in their name when its day is over."""
    assert grave(OpenCard(kind=kind, left_on=LATE, due_on=due_on), today=TODAY) == found


@pytest.fixture
def leaver(reference, now, client, settings):
    """Somebody who left with a card of the company and is registered as the user of two, and a supervisor."""
    agent = AgentFactory()
    team = agent.user.team
    own = {"actual_user": agent.user, "team": team, "real_name_state": "valid"}
    held = CardFactory(**own, registrant=RegistrantFactory(kind=RegistrantKind.COMPANY))
    CardFactory(**own, registrant=RegistrantFactory(kind=RegistrantKind.PERSON))
    hand_over(held, agent, at=now - timedelta(days=5))
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    return agents.leave(agent_id=agent.pk, reason="", actor=None, now=now).leaving


@pytest.mark.django_db
def test_a_leaver_with_a_card_is_on_the_board_in_red_and_in_the_alerts(leaver, client, now, time_machine):
    """R76: at once on the board, as a critical alert with the next run, gone when the card is back."""
    time_machine.move_to(now, tick=False)
    assert "user-off" in client.get(reverse("lifecycle:board")).content.decode()
    look_after_leavers(today=TODAY, now=now)
    alert = Alert.objects.open().get()
    assert (alert.kind, alert.severity, alert.code) == ("leaver", "critical", HELD_BY_LEAVER)
    client.get(reverse("lifecycle:alerts"))

    card = alert.card
    return_card(card_id=card.pk, condition="good", to=CustodyState.IN_STOCK, actor=None, now=now)
    look_after_leavers(today=TODAY, now=now)
    assert not Alert.objects.open().exists()
    later = now + timedelta(days=40)
    look_after_leavers(today=business_day(later), now=later)
    assert set(Alert.objects.open().values_list("code", "severity")) == {(REGISTERED_TO_LEAVER, "high")}


@pytest.mark.django_db
def test_the_cards_in_their_name_become_cases(leaver, client, django_assert_num_queries, now):
    """R76, R23: a company card gets a change of user, a personal one a transfer; what is left is named on finishing."""
    cards = list(LeavingTask.objects.filter(kind="user").order_by("pk").values_list("card", flat=True))
    page = reverse("lifecycle:leaver", args=[leaver.pk])

    answer = client.post(
        reverse("lifecycle:leaver-cases", args=[leaver.pk]), {"pick": cards, "deed": "register"}, follow=True
    )

    assert dict(Case.objects.values_list("card", "kind")) == dict(zip(cards, ["user_change", "transfer"], strict=True))
    assert answer.redirect_chain == [(page, 302)]
    refused = client.post(reverse("lifecycle:leaver-finish", args=[leaver.pk]))
    assert refused.status_code == 409
    assert [reason.code for reason in refused.context["refusal"].reasons][:2] == ["undone_return", "undone_user"]
    assert client.get(reverse("lifecycle:leaving")).context["rows"] == [leaver]
