"""Failed calls that say the carrier stopped a card (R34, R37; formats.md 4.4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import UsageSignal
from billing.services.feed import take_calls
from cardfleet.accounts.choices import Role
from cards.choices import Severity
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.rules.texts import render
from lifecycle.services.signals import watch_signals
from lifecycle.tasks import watch_failed_calls
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def fail(now):
    """Post a call of a card that failed with a code some minutes ago; "" is one that was answered."""
    actor = PersonFactory()

    def fail(card: Card, code: str, *, ago: int = 10, **facts) -> int:
        row = {
            "msisdn": card.msisdn, "started_at": (now - timedelta(minutes=ago)).isoformat(), "direction": "out",
            "counterpart": "13900000001", "duration_s": 0 if code else 30, "failure_code": code, **facts,
        }  # fmt: skip
        return take_calls(slug="dialler", body=[row], actor=actor, now=now).signals

    return fail


def alerts() -> list[tuple]:
    return list(Alert.objects.open().order_by("card").values_list("card_id", "kind", "code", "severity"))


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("7001", "frequency"), ("7003", "frequency"), ("7004", "blacklisted"), ("7108", "frozen"),
        ("8105", "callee_stopped"), ("8111", "stopped"), ("outgoing_call_barred", "barred"), ("52", "barred"),
    ],
)  # fmt: skip
def test_codes_become_signals_once(code, meaning, fail):
    """formats.md 4.4; the same call again is no second signal."""
    card = CardFactory()
    assert (fail(card, code, failure_text="said the switch"), fail(card, code)) == (1, 0)
    signal = UsageSignal.objects.get()
    assert (signal.card_id, signal.meaning, signal.raw) == (card.pk, meaning, "said the switch")


def test_other_codes_and_received_calls_are_none(fail):
    card = CardFactory()
    assert fail(card, "NORMAL_CLEARING") + fail(card, "486", ago=9) + fail(card, "8111", ago=8, direction="in") == 0


def test_a_card_that_seems_stopped_is_alerted_until_a_call_gets_through(fail, now):
    """R34, R37: told as a suspicion with its evidence; nothing is changed at the card; a second run writes nothing."""
    stopped, limited, called = CardFactory.create_batch(3)
    fail(stopped, "7001", ago=30)
    fail(stopped, "8111", ago=20)
    fail(stopped, "8111", ago=10)
    fail(limited, "7002")
    fail(called, "8105")
    assert watch_failed_calls(on=now.date(), now=now)["alerts_opened"] == 2
    assert watch_signals(now=now).counts() == {
        "spoken": 2, "alerts_opened": 0, "alerts_worsened": 0, "alerts_reopened": 0,
        "alerts_kept": 2, "alerts_closed": 0,
    }  # fmt: skip
    assert alerts() == [
        (stopped.pk, AlertKind.CARRIER_SIGNAL, "carrier_stopped", Severity.CRITICAL),
        (limited.pk, AlertKind.CARRIER_SIGNAL, "carrier_limits", Severity.HIGH),
    ]
    alert = Alert.objects.get(card=stopped)
    assert (alert.params["calls"], alert.params["code"], alert.params["last"]) == (2, "8111", "2026-11-20 10:20")
    assert "8111" in render(alert.code, alert.params)
    stopped.refresh_from_db()
    assert stopped.service_state == "active"
    fail(stopped, "", ago=5)
    assert watch_signals(now=now).alerts.closed == 1


def test_a_stop_on_record_and_old_signals_are_told_no_more(fail, now):
    known, old = CardFactory(), CardFactory()
    fail(known, "8111")
    fail(old, "8111")
    watch_signals(now=now)
    Card.objects.filter(pk=known.pk).update(service_state="full_stop")
    assert watch_signals(now=now).alerts.closed == 1
    assert watch_signals(now=now + timedelta(days=4)).alerts.closed == 1


def test_the_same_statements_for_one_more_card_and_for_three(fail, now):
    counts = []
    for cards in (1, 1, 3):
        for card in CardFactory.create_batch(cards):
            fail(card, "8111")
        with CaptureQueriesContext(connection) as queries:
            watch_signals(now=now)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_the_api_and_the_card_page_show_them_in_scope(fail, client):
    card = CardFactory(team=TeamFactory())
    fail(card, "8111", failure_text="caller stopped")
    (signal,) = signed_in(Role.SUPERVISOR, scope=card.team).get(f"{API}usage/signals/?card={card.pk}").json()["results"]
    assert (signal["card"], signal["source"]) == (card.pk, "dialler")
    assert (signal["code"], signal["meaning"]) == ("8111", "stopped")
    assert signed_in(Role.SUPERVISOR, scope=TeamFactory()).get(f"{API}usage/signals/").json()["results"] == []
    assert signed_in(Role.ADMIN).get(f"{API}usage/signals/?meaning=frozen").json()["results"] == []
    client.force_login(PersonFactory(role=Role.ADMIN))
    assert "caller stopped" in client.get(reverse("lifecycle:card-calls", args=[card.pk])).content.decode()


def test_the_board_shows_the_alert_with_its_step(fail, client, now):
    card = CardFactory()
    fail(card, "8111")
    watch_signals(now=now)
    client.force_login(PersonFactory(role=Role.ADMIN))
    page = client.get(reverse("lifecycle:board")).content.decode()
    assert reverse("lifecycle:transition", args=[card.pk]) in page
    assert client.get(reverse("lifecycle:alerts")).status_code == 200
    assert client.get(reverse("lifecycle:card", args=[card.pk])).status_code == 200
