"""The gallery in a real browser, under the policy the product sends."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.urls("tests.look.urls")


@pytest.fixture
def said() -> list[str]:
    """What the browser complained about."""
    return []


def listen(page, said: list[str]) -> None:
    """Collect console complaints and page errors."""
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_gallery_breaks_no_policy_and_leaves_no_origin(live, session, said, width, theme):
    """No console error, no request elsewhere, nothing wider than the window."""
    asked = []
    with live.page(width=width, session=session, color_scheme=theme) as page:
        listen(page, said)
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/gallery/")
        page.wait_for_selector(".chart-canvas canvas")
        page.wait_for_selector("#poll", state="detached")
        page.hover(".chart-canvas canvas")
        live.screenshot(page, f"gallery-{width}-{theme}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert said == []
    assert [url for url in asked if not url.startswith(live.url)] == []
    assert overflow == 0


def test_frame_shows_only_pages_that_exist_and_are_allowed(live, session):
    """A page without an address or without the permission is not in the bar; the present one is marked."""
    with live.page(session=session) as page:
        page.goto("/gallery/costs/")
        links = page.locator(".topnav a")
        assert links.count() == 6
        assert page.locator(".topnav [aria-current]").inner_text() == "费用"
        assert page.locator(".bell .unread").inner_text() == "3"


def test_phone_has_four_pages_and_the_rest_under_more(live, session):
    """Targets of the bottom bar are 44 px or more."""
    with live.page(width=390, session=session) as page:
        page.goto("/gallery/")
        assert page.locator(".bottombar > a").count() == 4
        page.click(".bottombar summary")
        expect(page.locator(".bottombar .menu-list a")).to_have_count(2)
        heights = page.locator(".bottombar > a, .bottombar summary, .tool, .btn:visible:not(.btn-sm)").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44


def test_slash_goes_to_the_search_unless_somebody_is_typing(live, session):
    """The keyboard way to a card."""
    with live.page(session=session) as page:
        page.goto("/gallery/")
        page.keyboard.press("/")
        expect(page.locator("[data-search]")).to_be_focused()
        page.keyboard.type("4406/")
        expect(page.locator("[data-search]")).to_have_value("4406/")
        page.keyboard.press("Enter")
        page.wait_for_url("**/lifecycle/fleet/?search=4406%2F")


def test_chosen_theme_stays_and_is_there_before_the_styles(live, session):
    """The system's theme first, then the person's."""
    with live.page(session=session, color_scheme="dark") as page:
        page.goto("/gallery/")
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
        page.click("[data-theme-toggle]")
        assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 247, 250)"
        assert page.evaluate("document.querySelector('head script').src").endswith("theme.js")


def test_refused_button_opens_the_refusal_and_leaves_the_page(live, session, said):
    """A 409 of a button is shown as a dialog with its reasons."""
    with live.page(session=session) as page:
        page.goto("/gallery/")
        page.click("#refuse")
        page.wait_for_selector("#answer[open] .refusal li")
        live.screenshot(page, "refusal")
        page.click("#answer [data-close]")
        page.wait_for_selector("#answer", state="hidden")
        assert page.locator("#refuse").count() == 1


def test_confirm_asks_in_a_dialog_and_a_break_is_said_in_a_toast(live, session):
    """hx-confirm does nothing until it is answered; a 500 of a button is said, once."""
    with live.page(session=session) as page:
        page.goto("/gallery/")
        page.click("#confirm")
        page.click("#ask button[value=no]")
        assert page.locator(".toast-note").count() == 0
        page.click("#confirm")
        with page.expect_response("**/gallery/broken/"):
            page.click("#ask button[value=yes]")
        expect(page.locator(".toast-note.tone-red")).to_have_count(1)
        page.click(".toast-note [data-close]")
        expect(page.locator(".toast-note")).to_have_count(0)


def test_part_that_breaks_says_so_in_its_own_frame_and_can_be_tried_again(live, session):
    """The rest of the page stays."""
    with live.page(session=session) as page:
        page.goto("/gallery/")
        page.evaluate("htmx.trigger(document.body, 'reveal-broken')")
        page.wait_for_selector("#failing .notice [data-retry]")
        with page.expect_response("**/gallery/broken/"):
            page.click("#failing [data-retry]")
        assert page.locator(".tile").count() == 7


def test_menus_and_dialogs_close_as_menus_and_dialogs_do(live, session):
    """Outside a menu, with Escape, with the button."""
    with live.page(session=session) as page:
        page.goto("/gallery/")
        page.click(".user-menu summary")
        live.screenshot(page, "user-menu")
        page.keyboard.press("Escape")
        expect(page.locator(".user-menu[open]")).to_have_count(0)
        page.click(".user-menu summary")
        page.click("h1")
        expect(page.locator(".user-menu[open]")).to_have_count(0)
        page.click("[data-dialog=give-back]")
        page.wait_for_selector("#give-back[open]")
        page.click("#give-back [data-close]")
        expect(page.locator("#give-back[open]")).to_have_count(0)


def test_one_tick_chooses_every_row(live, session):
    """The box in the head stands for the rows of the page."""
    with live.page(session=session) as page:
        page.goto("/gallery/")
        page.check("[data-pick-all]")
        assert page.locator("td.pick > :checked").count() == 4
