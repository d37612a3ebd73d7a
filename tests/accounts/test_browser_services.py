"""A program's account in a browser: made, listed with who answers for it, given a token."""

import pytest
from playwright.sync_api import expect

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from tests.factories.accounts import PersonFactory, ServiceAccountFactory, sign_in_freshly


@pytest.mark.parametrize("width", [390, 1280])
def test_a_program_gets_its_account(live, client, reference, settings, width: int) -> None:
    settings.MFA_ROLES = []
    boss = PersonFactory(role=Role.ADMIN, name="周敏")
    ServiceAccountFactory(role=Role.FINANCE, name="报销系统", owner__name="李强", owner__is_active=False)
    sign_in_freshly(client, boss)
    with live.page(width=width, session=client.session.session_key) as page:
        page.goto("/people/services/")
        page.get_by_label("程序名称").fill("杭州外呼系统")
        page.get_by_label("负责人").select_option("周敏")
        page.get_by_label("简称").fill("dialler")
        page.get_by_label("简称").press("Enter")
        unanswered = page.get_by_role("row").filter(has_text="李强")
        expect(unanswered).to_contain_text("已离职")
        expect(unanswered.get_by_role("link", name="新令牌")).to_have_count(0)
        row = page.get_by_role("row").filter(has_text="杭州外呼系统")
        expect(row).to_contain_text("周敏")
        live.screenshot(page, f"services-{width}")
        row.get_by_role("link", name="新令牌").click()
        expect(page.get_by_text("杭州外呼系统（服务账号）")).to_be_visible()
        live.screenshot(page, f"service-token-{width}")
    assert User.objects.get(username="dialler").owner == boss
