"""The gallery in a real browser, under the policy the product sends."""

import pytest

pytestmark = pytest.mark.urls("tests.look.urls")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_gallery_breaks_no_policy_and_leaves_no_origin(live, session, width, theme):
    """No console error, no request elsewhere, nothing wider than the window."""
    said, asked = [], []
    with live.page(width=width, session=session, color_scheme=theme) as page:
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/gallery/")
        page.wait_for_selector(".chart-canvas canvas")
        page.wait_for_selector("#poll", state="detached")
        live.screenshot(page, f"gallery-{width}-{theme}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert said == []
    assert [url for url in asked if not url.startswith(live.url)] == []
    assert overflow == 0
