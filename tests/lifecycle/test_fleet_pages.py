"""The fleet list, the card page, the desk and an agent's own page (R10, R11, R14, R24, R29, R31, R68, R75)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import Assignment, Course
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Team
from cardfleet.kernel import paging
from cards.choices import CustodyState, ServiceState, StopReason
from cards.models import Card, CardSecret
from lifecycle.choices import AlertKind, RiskBand
from lifecycle.models import Alert, RiskAssessment
from lifecycle.selectors.fleet import fleet_page
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, TrainingRecordFactory, hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory, CarrierRuleFactory, RatePlanFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def team(db):
    """The team everybody here is in."""
    return TeamFactory()


@pytest.fixture
def supervisor(client, team):
    """A supervisor of the team, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    client.force_login(person)
    return person


def queries(client, url: str) -> int:
    """Return how many queries a page makes, and see that it is well."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["lifecycle:fleet"])
def test_the_list_makes_the_same_queries_for_one_card_and_for_three(client, supervisor, team, name):
    """At most 8, session, person and rights among them; a holder's name costs none of its own."""
    CardFactory(team=team, holder=PersonFactory(), custody_state="issued")
    one = queries(client, reverse(name))
    CardFactory.create_batch(2, team=team, holder=PersonFactory(), custody_state="issued")
    assert queries(client, reverse(name)) == one <= 8


def test_the_list_shows_the_scope_and_nothing_else(client, supervisor, team):
    """R12: a supervisor sees the cards of the team, masked."""
    mine, other = CardFactory(team=team), CardFactory(team=TeamFactory())
    page = client.get(reverse("lifecycle:fleet")).content.decode()
    assert mine.masked_msisdn in page
    assert mine.msisdn not in page
    assert reverse("lifecycle:card", args=[other.pk]) not in page
    assert client.get(reverse("lifecycle:card", args=[other.pk])).status_code == 404


def test_cards_are_found_by_their_last_four_digits(client, supervisor, team):
    found, other = CardFactory(team=team, msisdn="+8613800004417"), CardFactory(team=team, msisdn="+8613800009999")
    page = client.get(reverse("lifecycle:fleet"), {"search": "4417"}).content.decode()
    assert reverse("lifecycle:card", args=[found.pk]) in page
    assert reverse("lifecycle:card", args=[other.pk]) not in page


def test_stopped_cards_stand_first_then_those_at_risk_on_whatever_page(client, supervisor, team):
    """R10: pages of the two parts join without a gap, whatever lies on their border."""
    calm = [CardFactory(team=team) for _ in range(3)]
    risky = [CardFactory(team=team) for _ in range(2)]
    for card, score in zip(risky, (40, 90), strict=True):
        RiskAssessment.objects.create(card=card, score=score, band=RiskBand.HIGH, assessed_at=FRIDAY)
    stopped = [CardFactory(team=team, service_state=ServiceState.FULL_STOP) for _ in range(3)]
    wanted = [*stopped, risky[1], risky[0], *calm]
    for size in (1, 2, 3, 4, 8, 9):
        pages = [
            fleet_page(Card.objects.all(), today=date(2026, 11, 20), number=str(n), size=size) for n in range(1, 9)
        ]
        seen = [row.card for page in pages for row in page.rows]
        assert seen[: len(wanted)] == wanted


def test_cards_are_counted_as_far_as_pages_are_asked_for(client, supervisor, team, monkeypatch):
    monkeypatch.setattr(paging, "COUNTED", 3)
    CardFactory.create_batch(8, team=team)
    totals = {}
    for number in ("1", "2", "3", "99"):
        page = fleet_page(Card.objects.all(), today=date(2026, 11, 20), number=number, size=2, sort="number")
        totals[number] = (len(page.rows), page.more, page.page.has_next())
    assert totals == {"1": (2, 3, True), "2": (2, 4, True), "3": (2, 6, True), "99": (2, 0, False)}


DRIVER = {
    "code": "agent_out_calls",
    "params": {"value": "118", "limit": "150", "cards": "3"},
}


@pytest.mark.parametrize("asked", ["", "?stopped=false", "?risk=high&alert=arrears&custody_state=issued"])
def test_a_full_page_of_long_names_stays_below_sixty_kilobytes(client, supervisor, team, asked):
    """Issue 5, item 10: with long names and long reasons in every row."""
    Team.objects.filter(pk=team.pk).update(name="华东三中心一组")
    carrier = CarrierFactory(name="中国移动通信")
    known = {
        "team": team,
        "carrier": carrier,
        "plan": RatePlanFactory(carrier=carrier, name="商务畅打129元套餐"),
        "holder": PersonFactory(name="阿卜杜热合曼·买买提", team=team),
        "location": "三号楼二层A-17",
        "custody_state": CustodyState.ISSUED,
        "expires_on": date(2027, 11, 20),
    }
    cards = CardFactory.create_batch(51, **known)
    AccountFactory(carrier=carrier, cards=cards, balance="-1234.50")
    risks = {"score": 88, "band": RiskBand.HIGH, "assessed_at": FRIDAY, "calls_today": 118, "call_limit": 150}
    RiskAssessment.objects.bulk_create(RiskAssessment(card=card, drivers=[DRIVER], **risks) for card in cards)
    Alert.objects.bulk_create(AlertFactory.build(card=card, kind=AlertKind.ARREARS) for card in cards)
    page = client.get(reverse("lifecycle:fleet") + asked).content
    assert page.count(b'name="ids"') == 50
    assert len(page) < 60 * 1024


def test_the_menu_of_filters_comes_when_asked_for_and_is_not_lost_before(client, supervisor, team):
    asked = {"service_state": "full_stop"}
    page = client.get(reverse("lifecycle:fleet"), asked).content.decode()
    assert '<input type="hidden" name="service_state" value="full_stop">' in page
    menu = client.get(reverse("lists:filters", args=["cards"]), asked).content.decode()
    assert '<option value="full_stop" selected>' in menu
    assert 'name="team"' in menu


def test_an_unusable_filter_shows_no_card_and_says_so(client, supervisor, team):
    card = CardFactory(team=team)
    answer = client.get(reverse("lifecycle:fleet"), {"service_state": "broken"})
    assert answer.status_code == 400
    assert reverse("lifecycle:card", args=[card.pk]) not in answer.content.decode()


def test_the_card_page_shows_a_stopped_card_and_no_secret(client, supervisor, team):
    """R24, R34: secrets never come with the page."""
    card = CardFactory(team=team, service_state=ServiceState.FULL_STOP, stop_reason=StopReason.ARREARS)
    CardSecret.objects.create(card=card, pin1="4711", puk1="12345678")
    page, part = (
        client.get(reverse(f"lifecycle:{name}", args=[card.pk])).content.decode() for name in ("card", "card-secrets")
    )
    assert not any(secret in page + part for secret in ("4711", "12345678"))
    assert reverse("lifecycle:reveal", args=[card.pk, "pin1"]) in part


def test_who_held_it_on_a_day(client, supervisor, team, now):
    """R14: the holder of any day can be asked for."""
    agent = AgentFactory(user__team=team)
    card = CardFactory(team=team)
    hand_over(card, agent, at=now)
    url = reverse("lifecycle:holder-on", args=[card.pk])
    assert agent.user.name in client.get(url, {"day": now.date().isoformat()}).content.decode()
    assert agent.user.name not in client.get(url, {"day": "2020-01-01"}).content.decode()


def test_a_card_is_handed_out_by_last_digits_and_staff_number_and_accepted(client, supervisor, team):
    """R11, R75: supervisor hands out, agent accepts, the card is in use."""
    CarrierRuleFactory(kind="daily_out_calls", limit=200)
    agent = AgentFactory(user__team=team)
    for course in Course.objects.filter(is_required=True):
        TrainingRecordFactory(agent=agent, course=course)
    card = CardFactory(team=team)
    handed = client.post(reverse("lifecycle:issue"), {"card": card.msisdn[-6:], "agent": agent.user.staff_no})
    assert handed.status_code == 302
    assignment = Assignment.objects.get(card=card)
    client.force_login(agent.user)
    assert card.msisdn.removeprefix("+86") in client.get(reverse("lifecycle:my")).content.decode()
    client.post(reverse("lifecycle:accept"), {"assignment": assignment.pk, "signed_name": agent.user.name})
    assignment.refresh_from_db()
    assert assignment.accepted_at is not None
    assert "data-left" in client.get(reverse("lifecycle:my")).content.decode()


def test_a_refused_hand_out_says_why_keeps_the_input_and_changes_nothing(client, supervisor, team):
    """R73: no valid training, no card."""
    agent = AgentFactory(user__team=team)
    card = CardFactory(team=team, service_state=ServiceState.HALF_STOP, stop_reason=StopReason.HIGH_FEE)
    answer = client.post(reverse("lifecycle:issue"), {"card": card.iccid, "agent": agent.user.staff_no})
    assert answer.status_code == 409
    assert card.iccid in answer.content.decode()
    assert not Assignment.objects.exists()
    card.refresh_from_db()
    assert card.custody_state == CustodyState.IN_STOCK


def test_a_hand_out_outside_the_scope_is_not_there_to_be_undone(client, supervisor, team):
    """R12: with or without a reason."""
    elsewhere = hand_over(CardFactory(), AgentFactory())
    assert client.post(reverse("lifecycle:undo", args=[elsewhere.pk]), {"reason": ""}).status_code == 404
    mine = hand_over(CardFactory(team=team), AgentFactory(user__team=team))
    assert client.post(reverse("lifecycle:undo", args=[mine.pk]), {"reason": ""}).status_code == 400
    assert not Assignment.objects.filter(undone_at__isnull=False).exists()


def test_another_agent_cannot_accept(client, team, now):
    """R74, R75."""
    assignment = hand_over(CardFactory(team=team), AgentFactory(user__team=team), at=now, accepted_at=None)
    stranger = AgentFactory(user__team=team)
    client.force_login(stranger.user)
    given = {"assignment": assignment.pk, "signed_name": stranger.user.name}
    assert client.post(reverse("lifecycle:accept"), given).status_code == 403
    assignment.refresh_from_db()
    assert assignment.accepted_at is None


def test_a_card_comes_back(client, supervisor, team, now):
    """R11: taking back closes the assignment and puts the card where it was said."""
    card = CardFactory(team=team)
    hand_over(card, AgentFactory(user__team=team), at=now)
    given = {"card": card.iccid, "to": CustodyState.SPARE, "condition": "good"}
    assert client.post(reverse("lifecycle:return"), given).status_code == 302
    card.refresh_from_db()
    assert (card.custody_state, card.holder) == (CustodyState.SPARE, None)


def test_a_carriers_stop_is_recorded_and_an_illegal_one_refused(client, supervisor, team):
    """R34: only legal states are offered and taken."""
    card = CardFactory(team=team)
    url = reverse("lifecycle:transition", args=[card.pk])
    given = {"to": "half_stop", "reason": "high_fee", "source": "carrier_sms", "at": "", "note": ""}
    assert client.post(url, given).status_code == 302
    card.refresh_from_db()
    assert (card.service_state, card.stop_reason) == ("half_stop", "high_fee")
    assert client.post(url, {**given, "to": "released"}).status_code == 422


def test_seeing_a_secret_asks_for_a_fresh_sign_in(client, supervisor, team):
    """R24: a session as such is not enough."""
    card = CardFactory(team=team)
    CardSecret.objects.create(card=card, pin1="4711")
    answer = client.post(reverse("lifecycle:reveal", args=[card.pk, "pin1"]), {"reason": "unlock"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def test_a_password_is_asked_for_only_where_the_secret_may_be_seen(client, team):
    """R12, R24: 403 without the right, 404 outside the scope or for a secret there is not, before anything is asked."""
    elsewhere, secret = CardFactory(team=TeamFactory()), "lifecycle:reveal"
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team))
    assert client.get(reverse(secret, args=[elsewhere.pk, "pin1"])).status_code == 404
    assert client.post(reverse(secret, args=[elsewhere.pk, "pin1"]), {"reason": "x"}).status_code == 404
    assert client.get(reverse(secret, args=[CardFactory(team=team).pk, "colour"])).status_code == 404
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert client.get(reverse(secret, args=[elsewhere.pk, "pin1"])).status_code == 403


def test_an_agents_page_shows_their_cards_only(client, team, now):
    """R68: my cards, not yours."""
    mine, yours = CardFactory(team=team), CardFactory(team=team)
    agent = AgentFactory(user__team=team)
    hand_over(mine, agent, at=now, accepted_at=timezone.now())
    hand_over(yours, AgentFactory(user__team=team), at=now, accepted_at=timezone.now())
    client.force_login(agent.user)
    page = client.get(reverse("lifecycle:my")).content.decode()
    assert mine.msisdn.removeprefix("+86") in page
    assert yours.msisdn.removeprefix("+86") not in page
