"""The compliance officer's day, in Chinese."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from lifecycle.models import Audit, LawReview, Matter
from lifecycle.services.complaints import record_complaint
from lifecycle.services.desk.audits import write_checklist
from lifecycle.services.desk.matters import open_matter
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def officer(client, transactional_db):
    """A session of a compliance officer with a complaint, a request and a short checklist on the desk."""
    now = timezone.now()
    load(now=now)
    person = PersonFactory(role=Role.COMPLIANCE, name="赵合规")
    asking = PersonFactory(name="王小明")
    record_complaint(
        card_id=CardFactory().pk, received_at=now, channel="12321", summary="拒绝后仍来电", actor=None, now=now
    )
    open_matter(kind="access", title="查阅本人数据", about=asking, received_at=now, actor=asking, now=now)
    write_checklist(kind="campaign", questions=["名单有同意 | 消保法 29"], reason="短", actor=None, now=now)
    client.force_login(person)
    return client.session.session_key


def step(page, note):
    """Record the step that is next."""
    page.fill("#next [name=note]", note)
    page.click("#next button[type=submit]")
    page.wait_for_load_state()


def test_the_officers_day(live, officer):
    """R21, R40, R57, R83: what is due; a complaint answered, a request checked, a law read, a campaign passed."""
    with live.page(session=officer) as page:
        page.goto(reverse("lifecycle:compliance"))
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        live.screenshot(page, "desk-1-due")
        page.click("#due a:has-text('12321')")
        for note in ("已转班组", "属实, 已列入禁拨", "已电话告知"):
            step(page, note)
        page.click("#close button[type=submit]")
        page.wait_for_load_state()
        live.screenshot(page, "desk-2-complaint")
        page.goto(reverse("lifecycle:subject-requests"))
        page.click("#matters tbody a")
        step(page, "本人登录")
        page.click("#close button[type=submit]")
        page.wait_for_selector("#refusal")
        live.screenshot(page, "desk-3-request")
        page.goto(reverse("lifecycle:laws"))
        page.click("#laws tbody tr:first-child a")
        page.fill("[name=next_on]", "2031-01-01")
        page.click("form.panel-body button[type=submit]")
        page.wait_for_load_state()
        live.screenshot(page, "desk-4-law")
    with live.page(session=officer, **PHONE) as page:
        page.goto(reverse("lifecycle:audits"))
        page.fill("[name=title]", "年末回访")
        page.fill("[name=industry]", "保险")
        page.fill("[name=due_on]", "2031-01-01")
        page.click("form[action$='open/'] button[type=submit]")
        page.wait_for_selector("#questions")
        page.select_option("[name=verdict_1]", "yes")
        page.fill("[name=note_1]", "网站同意记录")
        page.fill("[name=conclusion]", "可以开始")
        page.click("button[value=close]")
        page.wait_for_load_state()
        live.screenshot(page, "desk-5-audit-390")
        page.goto(reverse("lifecycle:compliance"))
        live.screenshot(page, "desk-6-due-390")
    complaint, request = Matter.objects.order_by("pk")
    assert (complaint.outcome, request.outcome) == ("answered", "")
    assert LawReview.objects.get().finding == "unchanged"
    assert Audit.objects.get().conclusion == "可以开始"
