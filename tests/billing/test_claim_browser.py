"""A claim's way in Chinese: the agent files it on a phone with a photo, finance approves, a colleague pays."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Claim
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.reference import load
from tests.factories.accounts import PersonFactory
from tests.factories.claims import COMPANY, PICTURE, TAX_ID, claimant


@pytest.fixture
def people(transactional_db):
    """An agent with a card, and two of finance."""
    load(now=timezone.now())
    agent, _card = claimant()
    return agent.user, PersonFactory(role=Role.FINANCE), PersonFactory(role=Role.FINANCE)


def session_of(user) -> str:
    """Return a session that signs in."""
    client = Client()
    client.force_login(user)
    return client.session.session_key


def file_a_claim(page) -> None:
    """Fill the form in: first with a short number, which is said at once, then rightly."""
    today = business_day(timezone.now())
    page.goto(f"{reverse('billing:claim-new')}?month={month_start(today):%Y-%m}")
    page.set_input_files("[name=file]", {"name": "fapiao.png", "mimeType": "image/png", "buffer": PICTURE})
    entered = {
        "number": "123", "issued_on": today.isoformat(), "title": COMPANY, "tax_id": TAX_ID,
        "gross": "100", "net": "91.74", "tax": "8.26",
    }  # fmt: skip
    for name, value in entered.items():
        page.fill(f"[name={name}]", value)
    page.press("[name=tax]", "Tab")
    page.wait_for_selector("#checks [data-code=number][data-fits=no]")
    page.click("button[value=send]")
    page.wait_for_selector(".field.is-wrong [name=number]")
    page.fill("[name=number]", "26112000000000000001")
    page.click("button[value=send]")
    page.wait_for_selector("#whole")


def test_a_claim_is_filed_approved_and_paid(live, people) -> None:
    """R67: three people, one photo, taken once; what is wrong is said while it is typed."""
    agent, approver, payer = people
    with live.page(width=390, height=844, session=session_of(agent)) as page:
        file_a_claim(page)
        live.screenshot(page, "claim-phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with live.page(session=session_of(approver)) as page:
        page.goto(reverse("billing:claims"))
        page.click("tbody a")
        page.click("form[action$='/approve/'] button")
        page.wait_for_selector("form[action$='/approve/']", state="detached")
        live.screenshot(page, "claim-desk")
        claim = page.url
    with live.page(session=session_of(payer)) as page:
        page.goto(reverse("billing:payments"))
        page.fill("[name=reference]", "网银-001")
        page.click("main form button[type=submit]")
        page.wait_for_selector("a[download]")
        page.goto(f"{claim}paper/")
        assert "人民币壹佰元整" in page.content()
    assert Claim.objects.get().state == "paid"
    assert Claim.objects.get().lines.get().invoice.file.name == "fapiao.png"
