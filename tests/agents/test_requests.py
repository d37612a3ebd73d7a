"""Requests for cards and reservations: who asks, who decides, what is kept (R11)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agents.choices import ApprovalLevel, RequestState
from agents.errors import (
    OwnRequest,
    ReasonMissing,
    RequestDecided,
    RequestNotUsable,
    RequestOpen,
    ReservationEnded,
    ReservationNotUsable,
    ReservedThen,
)
from agents.models import Assignment, CardRequest, Reservation
from agents.services.requests import ask_for_cards, decide_request, withdraw_request
from agents.services.reservations import Keeping, cancel_reservation, reserve_cards
from agents.services.returns import remind_returns, set_return_day
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotAllowed
from cardfleet.notify.models import InboxItem
from cards.choices import CustodyState
from cards.models import Card
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CardRequestFactory, ReservationFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def supervisor(team):
    return PersonFactory(role=Role.SUPERVISOR, scope=team)


@pytest.fixture
def agent(team):
    return AgentFactory(user__team=team, user__role=Role.AGENT)


def ask(agent, now, *, count=1):
    facts = {"purpose": "sales", "reason": "new customers", "needed_until": None}
    return ask_for_cards(count=count, **facts, actor=agent.user, now=now)


def decide(asked, actor, now, *, level="supervisor", yes=True, reason=""):
    return decide_request(
        request_id=asked.pk, level=level, is_approved=yes, reason=reason, quota=2, actor=actor, now=now
    )


def told(person) -> list[str]:
    return list(InboxItem.objects.filter(user=person).order_by("pk").values_list("code", flat=True))


def test_a_small_request_needs_the_supervisor_alone(agent, supervisor, now):
    """R11: request, approval, and the agent is told."""
    asked = ask(agent, now)
    assert told(supervisor) == ["agents.requested"]
    with pytest.raises(RequestOpen):
        ask(agent, now)
    assert decide(asked, supervisor, now).state == RequestState.APPROVED
    assert told(agent.user) == ["agents.request_approved"]
    with pytest.raises(RequestDecided):
        decide(asked, supervisor, now)


def test_above_the_quota_compliance_decides_too(agent, supervisor, now):
    """R11: levels; a stale page of the level before decides nothing."""
    compliance = PersonFactory(role=Role.COMPLIANCE)
    asked = ask(agent, now, count=3)
    assert decide(asked, supervisor, now).level == ApprovalLevel.COMPLIANCE
    assert told(compliance) == ["agents.requested"]
    assert told(agent.user) == []
    with pytest.raises(RequestDecided):
        decide(asked, PersonFactory(role=Role.SUPERVISOR), now)
    with pytest.raises(NotAllowed):
        decide(asked, PersonFactory(role=Role.SUPERVISOR), now, level="compliance")
    assert decide(asked, compliance, now, level="compliance").state == RequestState.APPROVED


def test_nobody_decides_on_their_own_request_or_twice(team, now):
    """R11: the requester is never the approver."""
    both = AgentFactory(user__team=team, user__role=Role.ADMIN)
    asked = ask(both, now, count=3)
    with pytest.raises(OwnRequest):
        decide(asked, both.user, now)
    admin = PersonFactory(role=Role.ADMIN)
    decide(asked, admin, now)
    with pytest.raises(OwnRequest):
        decide(asked, admin, now, level="compliance")


def test_a_rejection_says_why(client, agent, supervisor, now):
    """R11: the agent reads the reason."""
    asked = ask(agent, now)
    with pytest.raises(ReasonMissing):
        decide(asked, supervisor, now, yes=False)
    client.force_login(supervisor)
    assert client.get(reverse("agents:requests")).content.decode().count('name="level"') == 2
    given = {"level": "supervisor", "answer": "reject", "reason": "use the spare"}
    client.post(reverse("agents:request-decide", args=[asked.pk]), given)
    asked.refresh_from_db()
    assert asked.state == RequestState.REJECTED
    assert InboxItem.objects.get(user=agent.user).params["reason"] == "use the spare"
    client.force_login(agent.user)
    assert "use the spare" in client.get(reverse("agents:my-requests")).content.decode()


def test_an_agent_asks_and_takes_it_back_on_the_page(client, agent, now):
    client.force_login(agent.user)
    page = reverse("agents:my-requests")
    assert client.post(page, {"count": 99, "purpose": "sales", "reason": "x"}).status_code == 422
    assert client.post(page, {"count": 2, "purpose": "sales", "reason": "x"}).status_code == 302
    asked = CardRequest.objects.get()
    client.post(reverse("agents:request-withdraw", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == RequestState.WITHDRAWN
    with pytest.raises(RequestDecided):
        withdraw_request(request_id=asked.pk, actor=agent.user, now=now)
    with pytest.raises(RequestNotUsable):
        ask_for_cards(
            count=1,
            purpose="sales",
            reason="x",
            needed_until=TODAY - timedelta(days=1),
            actor=agent.user,
            now=now,
        )


def keep(agent, now, *, days=5, **which):
    keeping = Keeping(agent=agent, starts_on=TODAY, ends_on=TODAY + timedelta(days=days))
    return reserve_cards(keeping=keeping, cards=Card.objects.all(), actor=None, now=now, **which)


def test_cards_are_reserved_by_name_or_number(agent, now):
    """R11: two reservations of one card never overlap; too few free cards are said."""
    named, free = CardFactory(), CardFactory()
    CardFactory(custody_state=CustodyState.FAULTY)
    rows = keep(agent, now, card_ids=[named.pk], count=1)
    assert {row.card for row in rows} == {named, free}
    with pytest.raises(ReservedThen) as refused:
        keep(AgentFactory(), now, card_ids=[named.pk])
    assert agent.user.name in str(refused.value.reasons[0].message)
    with pytest.raises(ReservationNotUsable) as too_few:
        keep(AgentFactory(), now, count=1)
    assert too_few.value.reasons[0].code == "too_few"
    ended = {"reservation_id": rows[0].pk, "reservations": Reservation.objects.all(), "actor": None, "now": now}
    cancel_reservation(**ended)
    with pytest.raises(ReservationEnded):
        cancel_reservation(**ended)
    assert len(keep(AgentFactory(), now, card_ids=[rows[0].card_id])) == 1


@pytest.mark.parametrize(
    ("which", "code"), [({"days": -1}, "period"), ({"days": 400}, "too_long"), ({"held": True}, "not_in_stock")]
)
def test_a_reservation_that_makes_no_sense_is_refused(which, code, agent, now):
    card = CardFactory()
    if which.pop("held", False):
        hand_over(card, agent, at=now)
    with pytest.raises(ReservationNotUsable) as refused:
        keep(agent, now, card_ids=[card.pk], **which)
    assert refused.value.reasons[0].code == code


def test_the_reservations_page(client, supervisor, team, agent):
    """R11: an error names its line; a reservation is made and let go."""
    client.force_login(supervisor)
    card, page = CardFactory(team=team), reverse("lifecycle:reservations")
    day = business_day(FRIDAY) + timedelta(days=3650)
    given = {"cards": f"{card.iccid}\n6901234567892", "agent": agent.user.staff_no, "starts_on": day, "ends_on": day}
    refused = client.post(page, given)
    assert refused.status_code == 422
    assert "6901234567892" in refused.content.decode()
    assert client.post(page, given | {"cards": card.iccid}).status_code == 302
    row = Reservation.objects.get()
    assert card.masked_msisdn in client.get(page).content.decode()
    client.post(reverse("lifecycle:reservation-cancel", args=[row.pk]))
    assert not Reservation.objects.filter(ended_at__isnull=True).exists()


def test_holders_and_givers_are_reminded_of_returns_once_a_day(agent, supervisor, now):
    """R11: one message however many cards and runs."""
    for days in (1, 0, -1):
        hand_over(CardFactory(), agent, at=now, handed_by=supervisor, due_back_on=TODAY + timedelta(days=days))
    for _run in range(2):
        assert remind_returns(today=TODAY, now=now) == {"due": 3, "holders": 1, "givers": 1}
    assert InboxItem.objects.get(user=agent.user).params["count"] == 3
    assert InboxItem.objects.get(user=supervisor).params["count"] == 1
    assert Assignment.objects.returns_due(TODAY).count() == 2
    late = Assignment.objects.get(due_back_on__lt=TODAY)
    later = {"due_back_on": TODAY + timedelta(days=9), "assignments": Assignment.objects.all()}
    set_return_day(assignment_id=late.pk, **later, actor=supervisor, now=now)
    assert Assignment.objects.returns_due(TODAY).count() == 1
    assert Assignment.objects.unaccepted().count() == 3


def test_the_list_of_what_waits_is_the_persons_own(client, agent, supervisor):
    """R12: another team's requests are not there."""
    CardRequestFactory()
    ReservationFactory()
    client.force_login(supervisor)
    assert client.get(reverse("agents:requests")).content.decode().count('name="level"') == 0
