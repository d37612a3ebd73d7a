"""The figures of a large fleet are kept for moments: for nobody who changed something, or asks anew."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from billing.services.ledger import charge
from cardfleet.accounts.choices import Role
from lifecycle.models import Alert
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
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


def test_what_a_month_cost_is_counted_once_for_all_who_see_the_same(
    client, supervisor, team, monkeypatch, time_machine
):
    """Whatever one of them changes, for five minutes; who sees another team is told of that."""
    monkeypatch.setattr("cardfleet.accounts.counted.LARGE", 1)
    other, elsewhere = (
        PersonFactory(role=Role.SUPERVISOR, scope=team),
        PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()),
    )
    card = CardFactory(team=team)
    account = AccountFactory(cards=[card])

    def told(person):
        client.force_login(person)
        return client.get(reverse("lifecycle:board-cost")).context["cost"].report.total.total

    charge(account=account, card=card, amount=Decimal(3), actor=None, now=FRIDAY)
    assert told(supervisor) == 3
    charge(account=account, card=card, amount=Decimal(4), actor=None, now=FRIDAY)
    client.post("/inbox/")
    assert [told(supervisor), told(other), told(elsewhere)] == [3, 3, 0]
    time_machine.move_to(FRIDAY + timedelta(seconds=301), tick=False)
    assert [told(other), told(supervisor)] == [7, 7]


def test_what_was_closed_meanwhile_is_not_shown(client, supervisor, cards, monkeypatch):
    monkeypatch.setattr("cardfleet.accounts.counted.LARGE", 2)
    client.force_login(supervisor)
    assert len(client.get("/").context["tasks"]) == 2
    Alert.objects.filter(card=cards[0]).delete()
    assert len(client.get("/").context["tasks"]) == 1


def test_nobody_waits_for_a_large_fleet(client, supervisor, team, cards, monkeypatch, time_machine):
    """After half a minute the board shows what it has and asks for newer figures by itself; one request counts them."""
    monkeypatch.setattr("cardfleet.accounts.counted.LARGE", 2)
    client.force_login(supervisor)
    assert counted(client) == 2
    AlertFactory(card=CardFactory(team=team), due_at=FRIDAY)
    time_machine.move_to(FRIDAY + timedelta(seconds=45), tick=False)
    shown = client.get("/")
    assert (shown.context["queue"].today_count, shown.context["is_old"]) == (2, True)
    assert 'hx-get="/?anew=1"' in shown.content.decode()
    cache.add(f"counted-board:{supervisor.pk}:under-way", 1)
    assert counted(client, "/?anew=1") == 2
    cache.delete(f"counted-board:{supervisor.pk}:under-way")
    assert counted(client, "/?anew=1") == 3
    assert not client.get("/").context["is_old"]


@pytest.mark.usefixtures("transactional_db")
def test_newer_figures_come_into_the_page_by_themselves(live, client, supervisor, team, cards, monkeypatch):
    """In a real Chromium: the page shows what is kept, and a moment later, on the same page, what is counted anew."""
    monkeypatch.setattr("cardfleet.accounts.counted.LARGE", 2)
    monkeypatch.setattr("lifecycle.lists.board.KEPT_S", 0)
    client.force_login(supervisor)
    assert counted(client) == 2
    AlertFactory(card=CardFactory(team=team), due_at=FRIDAY)
    with live.page(session=client.session.session_key) as page:
        held: list = []
        page.route("**/?anew=1", lambda route, _request: held.append(route))
        page.goto("/")
        before = page.locator("#queue tbody tr").count()
        page.evaluate("window.cameHere = true")
        held.pop().continue_()
        page.wait_for_selector(f"#queue tbody tr >> nth={before}")
        assert page.evaluate("window.cameHere"), "the page is not left"
        assert page.locator("#queue").count() == page.locator("#tiles").count() == 1
