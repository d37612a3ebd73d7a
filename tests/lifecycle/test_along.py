"""From card to card along a filtered list, and back to it."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from cards.choices import CustodyState
from cards.models import Card
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def supervisor(reference, client, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    client.force_login(person)
    return person


def along(client, card, at: int, **address):
    """The neighbours that the part of a card's page leads to: their ids and places."""
    query = urlencode({"list": urlencode(address), "at": at})
    shown = client.get(f"{reverse('lifecycle:card-along', args=[card.pk])}?{query}").context
    ways = [urlsplit(shown[name]) if name in shown else None for name in ("before", "after")]
    return [way and (int(way.path.split("/")[2]), int(parse_qs(way.query)["at"][0])) for way in ways]


def test_the_neighbours_are_those_of_the_filtered_list(client, supervisor, team):
    """In the order of the list, only what its filters let through, and only what the person sees."""
    first, second, third = CardFactory.create_batch(3, team=team)
    CardFactory(team=team, custody_state=CustodyState.SPARE)
    CardFactory(team=TeamFactory())
    asked = {"sort": "number", "custody_state": "in_stock"}
    in_order = sorted([first, second, third], key=lambda card: card.msisdn)
    low, middle, high = in_order
    assert along(client, middle, 1, **asked) == [(low.pk, 0), (high.pk, 2)]
    assert along(client, low, 0, **asked) == [None, (middle.pk, 1)]
    assert along(client, high, 7, **asked) == [(middle.pk, 1), None], "it moved up since the list was shown"
    Card.objects.filter(pk=middle.pk).update(custody_state=CustodyState.SPARE)
    assert along(client, middle, 1, **asked) == [None, None]
    assert along(client, low, 0, nonsense="1") == [None, None]


def test_it_costs_the_card_page_nothing_and_itself_one_statement(client, supervisor, team):
    card = CardFactory.create_batch(3, team=team)[1]
    page = reverse("lifecycle:card", args=[card.pk])

    def asked(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    along_url = reverse("lifecycle:card-along", args=[card.pk])
    assert asked(page) == asked(f"{page}?list=sort%3Dnumber&at=1")
    assert asked(f"{along_url}?list=sort%3Dnumber&at=1") - asked(f"{along_url}?list=nonsense%3D1") == 1


def test_back_returns_to_the_list_and_the_place(live, transactional_db, client):
    """In Chinese, in a browser: open a card far down, go on to the next, and come back to where one was.

    On a phone the parts of the card's page are folded, and a link to one opens it.
    """
    load(now=timezone.now())
    team = TeamFactory()
    CardFactory.create_batch(24, team=team)
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team))
    address = "/cards/?sort=number&custody_state=in_stock&size=25"
    with live.page(width=390, session=client.session.session_key) as page:
        page.goto(address)
        rows = page.locator("table.rows > tbody > tr")
        rows.nth(20).scroll_into_view_if_needed()
        place, number = page.evaluate("scrollY"), rows.nth(21).locator("a").first.inner_text()
        assert place > 300
        rows.nth(20).locator("a").first.click()
        page.click("nav.along a[rel=next]")
        page.wait_for_selector("nav.along a[rel=prev]")
        assert number in page.title()
        page.wait_for_selector("#holders .fold")
        assert not page.is_visible("#held-on")
        page.click("nav.tabs a[href='#holders']")
        assert page.is_visible("#held-on")
        page.click("#holders .fold")
        assert not page.is_visible("#held-on")
        live.screenshot(page, "along-card-phone")
        page.go_back()
        page.go_back()
        page.go_back()
        page.wait_for_selector("table.rows")
        assert page.url.endswith(address)
        page.wait_for_function(f"Math.abs(scrollY - {place}) < 5")
