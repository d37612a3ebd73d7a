"""The fleet list by keyboard, in a real Chromium, in Chinese: rows are ticked, and the question names them."""

import pytest
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory


@pytest.fixture
def session(client, transactional_db) -> str:
    """The session of a supervisor who has three cards."""
    load(now=timezone.now())
    team = TeamFactory()
    CardFactory.create_batch(3, team=team)
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team))
    return client.session.session_key


def test_cards_are_ticked_by_keyboard_and_asked_about(live, session):
    """j, k and x tick rows; Shift ticks those in between; ? lists the keys; the bar leads to the question."""
    complaints = []
    with live.page(session=session) as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto("/cards/")
        assert not page.is_visible("#bulk")
        for key in "jjxkx":
            page.keyboard.press(key)
        assert page.inner_text("[data-picked]") == "2"
        page.keyboard.press("Escape")
        assert not page.is_visible("#bulk")
        boxes = page.locator("td.pick > input")
        boxes.nth(0).click()
        boxes.nth(2).click(modifiers=["Shift"])
        assert page.inner_text("[data-picked]") == "3"
        live.screenshot(page, "bulk-1-ticked")
        page.keyboard.press("?")
        assert page.is_visible("#shortcuts")
        live.screenshot(page, "bulk-2-keys")
        page.keyboard.press("Escape")
        assert page.inner_text("[data-picked]") == "3", "closing the list of keys unticks nothing"
        assert page.locator("#bulk").bounding_box()["height"] < 50, "one line"
        page.click("#bulk .menu > summary")
        assert page.is_visible("#bulk [formaction$='/cancel/']")
        live.screenshot(page, "bulk-3-more")
        page.click("#bulk .menu > summary")
        page.click("#bulk [formaction$='/team/']")
        page.wait_for_selector("select[name=team]")
        assert page.locator(".bulk-cards .chip").count() == 3
        live.screenshot(page, "bulk-4-question")
        page.set_viewport_size({"width": 390, "height": 844})
        live.screenshot(page, "bulk-5-phone")
    assert complaints == []
