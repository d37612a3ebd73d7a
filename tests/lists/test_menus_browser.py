"""The menu of filters of the fleet list and the page of callees' lists, in one Chromium, in Chinese."""

import pytest
from django.utils import timezone

from agents.choices import ListingKind
from agents.rules.callees import Entry
from agents.services.callees import list_number
from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from cards.choices import CustodyState
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory


@pytest.fixture
def session(client, transactional_db) -> str:
    """The session of a supervisor who has two cards, one of them a spare, and knows of one refusal of calls."""
    load(now=timezone.now())
    team = TeamFactory()
    CardFactory(team=team)
    CardFactory(team=team, custody_state=CustodyState.SPARE)
    entry = Entry(kind=ListingKind.DO_NOT_CALL, number="+8613800001234", source="call", given_at=FRIDAY)
    list_number(entry=entry, actor=None, now=timezone.now())
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team))
    return client.session.session_key


def test_filters_come_when_the_menu_opens_and_a_callee_is_asked_for(live, session):
    complaints = []
    with live.page(session=session) as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto("/cards/?search=138")
        rows = page.locator("table.rows > tbody > tr")
        assert rows.count() == 2
        page.click("details.filter-menu > summary")
        page.select_option("details.filter-menu select[name=custody_state]", "spare")
        page.click("details.filter-menu button[type=submit]")
        page.wait_for_url("**custody_state=spare**")
        assert "search=138" in page.url
        assert rows.count() == 1
        page.set_viewport_size({"width": 390, "height": 844})
        page.click("details.filter-menu > summary")
        page.wait_for_selector("details.filter-menu select[name=custody_state]")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        live.screenshot(page, "filter-menu-phone")
        page.goto("/agents/callees/")
        page.fill("form[action$='/check/'] input[name=number]", "13800001234")
        page.click("form[action$='/check/'] button[type=submit]")
        assert page.is_visible("#answer .tone-red")
        page.fill("form[action$='/check/'] input[name=number]", "13800009999")
        page.click("form[action$='/check/'] button[type=submit]")
        page.wait_for_selector("#answer")
        assert page.locator("#answer .tone-red").count() == 0
        live.screenshot(page, "callees-phone")
    assert complaints == []
