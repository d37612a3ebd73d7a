"""PIN, PUK and service password: seen by the holder of right for a moment, tried, changed, reminded of (R24, R25)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from time_machine import travel

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.notify.models import InboxItem
from cards.models import CardSecret
from cards.rules.secrets import glimpse, lock_advice, to_change_on
from cards.services.secrets import record_try
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.services.reminders import remind_expiries
from tests.conftest import FRIDAY
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

PIN = "4719"


@pytest.mark.parametrize(
    ("at", "seen"), [(None, "4719"), (1, "4•••"), (3, "••1•"), (9, "••••")], ids=["all", "first", "third", "none"]
)
def test_one_digit_at_a_time(at, seen):
    """R24: nothing but what was asked for."""
    assert glimpse(PIN, at=at) == seen


@pytest.mark.parametrize(
    ("pin", "puk", "says"), [(3, 10, ""), (2, 10, "guess"), (0, 10, "**05*"), (0, 0, "new SIM")], ids=str
)
def test_what_to_do_about_wrong_tries(pin, puk, says):
    """R24: locked says how to unlock, dead says how to go on."""
    with override("en"):
        said = str(lock_advice(pin_left=pin, puk_left=puk))
    assert says in said if says else not said


def test_the_day_of_the_next_change():
    """R25: every 180 days by default."""
    assert to_change_on(date(2026, 5, 24), days=180) == date(2026, 11, 20)


@pytest.fixture
def held(reference):
    """A card with secrets in an agent's hands, accepted; the agent and their supervisor."""
    team = TeamFactory()
    agent = AgentFactory(user=PersonFactory(team=team, role=Role.AGENT))
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=team)
    card = CardFactory(team=team)
    now = timezone.now()
    held = hand_over(card, agent, at=now - timedelta(days=3), accepted_at=now - timedelta(days=3))
    CardSecret.objects.create(card=card, pin1=PIN, puk1="83617204")
    return held, supervisor


def sign_in(client, person):
    """Sign in, and again with the password a moment ago."""
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_the_holder_sees_it_digit_by_digit_for_a_minute_and_the_supervisor_is_told(client, held):
    """R24: a fresh sign-in and a reason; in no page before it is asked for, never kept by a browser."""
    assignment, supervisor = held
    agent, card = assignment.agent.user, assignment.card
    url, show = (reverse(f"lifecycle:{name}", args=[card.pk, "pin1"]) for name in ("reveal", "glimpse"))
    client.force_login(agent)
    assert "reauthenticate" in client.post(url, {"reason": "new phone"})["Location"]
    sign_in(client, agent)
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(show, {"at": "1"}).status_code == 409
    opened = client.post(url, {"reason": "new phone"})
    assert (opened.status_code, PIN in opened.content.decode()) == (200, False)
    assert "no-store" in opened["Cache-Control"]
    part = client.post(show, {"at": "3"}, headers={"HX-Request": "true"})
    assert ("••1•" in part.content.decode(), PIN in part.content.decode()) == (True, False)
    assert (PIN in client.post(show, {"at": "all"}).content.decode(), "no-store" in part["Cache-Control"]) == (
        True,
        True,
    )
    with travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert client.post(show, {"at": "all"}).status_code == 409
    look = Entry.objects.get(action="cards.secret_revealed")
    assert (look.actor, look.reason, look.data) == (agent, "new phone", {"field": "pin1"})
    told = InboxItem.objects.get(user=supervisor)
    assert (told.code, PIN in str(told.params)) == ("lifecycle.secret_seen", False)
    client.force_login(supervisor)
    panel = client.get(
        reverse("lifecycle:card-secrets", args=[card.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert ("new phone" in panel, str(agent) in panel, PIN in panel) == (True, True, False)


def test_nobody_sees_the_secrets_of_a_card_that_is_not_in_their_hands(client, held):
    """R24: not another agent's, not before it is accepted, not after it was given back."""
    assignment, _supervisor = held
    stranger = AgentFactory(user=PersonFactory(team=assignment.team, role=Role.AGENT)).user
    url = reverse("lifecycle:reveal", args=[assignment.card.pk, "pin1"])
    sign_in(client, stranger)
    assert client.post(url, {"reason": "curious"}).status_code == 404
    sign_in(client, assignment.agent.user)
    assert client.get(url).status_code == 200
    assignment.accepted_at = None
    assignment.save(update_fields=["accepted_at"])
    assert client.post(url, {"reason": "curious"}).status_code == 404
    assert not Entry.objects.filter(action="cards.secret_revealed").exists()


def test_tries_are_counted_and_a_new_one_is_stored(client, held):
    """R24, R25: three wrong PINs lock it, a right PUK frees it; a new PIN is stored and never given back."""
    assignment, _supervisor = held
    card, agent = assignment.card, assignment.agent.user
    by = {"card_id": card.pk, "actor": agent, "now": FRIDAY}
    assert [record_try(field="pin1", is_right=False, **by) for _ in range(4)] == [2, 1, 0, 0]
    assert record_try(field="puk1", is_right=False, **by) == 9
    change = reverse("lifecycle:secret-change", args=[card.pk, "pin1"])
    client.force_login(agent)
    assert client.post(change, {"new_secret": "5821"})["Location"] == change
    assert "5821" not in str(dict(client.session))
    sign_in(client, agent)
    client.post(reverse("lifecycle:secret-try", args=[card.pk, "puk1"]), {"answer": "right"})
    refused = client.post(change, {"new_secret": "58a1"})
    assert (refused.status_code, "58a1" in refused.content.decode()) == (422, False)
    assert client.post(change, {"new_secret": "5821"}).status_code == 302
    stored = CardSecret.objects.get()
    assert (stored.pin1, stored.pin_tries_left, stored.puk_tries_left) == ("5821", 3, 10)
    assert not Entry.objects.filter(data__icontains="5821").exists()


def test_old_secrets_of_cards_in_use_are_reminded_of(held, now):
    """R25: once, as a warning, and settled by the change; a card in stock asks for nothing."""
    old = now - timedelta(days=175)
    CardSecret.objects.update(changed_at=old)
    CardSecret.objects.create(card=CardFactory(), pin1="1234", changed_at=old)
    for _run in range(2):
        remind_expiries(now=now)
    alert = Alert.objects.get(kind=AlertKind.SECRET_CHANGE)
    assert (alert.card, alert.severity, alert.params["due_on"]) == (held[0].card, "warn", "2026-11-25")
    CardSecret.objects.update(changed_at=now)
    remind_expiries(now=now)
    assert not Alert.objects.open().filter(kind=AlertKind.SECRET_CHANGE).exists()
