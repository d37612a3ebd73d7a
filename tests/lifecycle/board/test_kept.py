"""The figures of a large fleet are kept for moments: for nobody who changed something, or asks anew."""

from datetime import timedelta

import pytest

from lifecycle.models import Alert
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory


@pytest.fixture
def cards(team):
    """Two cards, each with an alert."""
    cards = CardFactory.create_batch(2, team=team)
    for card in cards:
        AlertFactory(card=card, due_at=FRIDAY)
    return cards


def counted(client, path="/"):
    return client.get(path).context["queue"].today_count


def test_a_small_fleet_is_always_counted(client, supervisor, cards):
    client.force_login(supervisor)
    assert counted(client) == 2
    Alert.objects.filter(card=cards[0]).delete()
    assert counted(client) == 1


def test_a_large_fleet_is_counted_anew_when_it_should_be(client, supervisor, team, cards, monkeypatch, time_machine):
    """Within half a minute only for who changed something since, or presses Refresh; the board says since when."""
    monkeypatch.setattr("cardfleet.accounts.counted.LARGE", 2)
    client.force_login(supervisor)
    assert counted(client) == 2
    AlertFactory(card=CardFactory(team=team), due_at=FRIDAY)
    time_machine.move_to(FRIDAY + timedelta(seconds=9), tick=False)
    shown = client.get("/").context
    assert (shown["queue"].today_count, shown["counted_at"]) == (2, FRIDAY)
    assert counted(client, "/?anew=1") == 3
    AlertFactory(card=CardFactory(team=team), due_at=FRIDAY)
    assert counted(client) == 3
    client.post("/inbox/")
    assert counted(client) == 4


def test_what_was_closed_meanwhile_is_not_shown(client, supervisor, cards, monkeypatch):
    monkeypatch.setattr("cardfleet.accounts.counted.LARGE", 2)
    client.force_login(supervisor)
    assert len(client.get("/").context["tasks"]) == 2
    Alert.objects.filter(card=cards[0]).delete()
    assert len(client.get("/").context["tasks"]) == 1
