"""A token in a browser: asked for, copied this once, listed without it."""

import pytest
from playwright.sync_api import expect

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import TokenTerms
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory


@pytest.mark.parametrize("width", [390, 1280])
def test_a_token_is_issued_and_copied(live, client, reference, width: int) -> None:
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    asked = {"width": width, "session": client.session.session_key}
    with live.page(**asked, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto("/people/me/tokens/")
        page.get_by_role("link", name="新令牌").click()
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="确认").click()
        page.get_by_label("令牌名称").fill("杭州外呼系统")
        page.get_by_label("地址").fill("10.0.0.0/24")
        live.screenshot(page, f"token-form-{width}")
        page.get_by_label("有效天数").press("Enter")
        token = page.locator("#token").inner_text()
        page.get_by_role("button", name="复制").click()
        expect(page.get_by_role("button", name="已复制")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == token
        live.screenshot(page, f"token-shown-{width}")
        page.get_by_role("link", name="已记下").click()
        expect(page.get_by_text("杭州外呼系统")).to_be_visible()
        assert token not in page.content()
        live.screenshot(page, f"tokens-{width}")
    assert TokenTerms.objects.get().networks == ["10.0.0.0/24"]
