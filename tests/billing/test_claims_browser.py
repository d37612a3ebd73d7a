"""A claim in Chinese, in a real Chromium: filed on the agent's phone, approved and paid at two desks (R67)."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Claim, ClaimPolicy, PaymentBatch
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.kernel.reference import load
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.claims import COMPANY, PICTURE, TAX_ID, claimant

RECEIPT = {"name": "receipt.png", "mimeType": "image/png", "buffer": PICTURE}
INVOICE = {
    "number": "26117000000012345678",
    "issued_on": "2026-11-02",
    "title": COMPANY,
    "tax_id": TAX_ID,
    "gross": "100",
    "net": "91.74",
    "tax": "8.26",
}
WIDTH = "document.documentElement.scrollWidth"
# What a thumb meets in the middle of a control that was scrolled to.
MET = """(control) => {
  control.scrollIntoView({ block: "end", behavior: "instant" });
  const { x, y, width, height } = control.getBoundingClientRect();
  return control.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.fixture
def agent(transactional_db, time_machine) -> User:
    """An agent with a card of the company since September; at most 80 yuan a month are paid back."""
    time_machine.move_to(FRIDAY, tick=False)
    load(now=timezone.now())
    ClaimPolicy.objects.filter(agent=None, team=None).update(cap=80, deadline_day=25)
    person = PersonFactory(name="王小明", role=Role.AGENT, team=TeamFactory(name="一组"))
    return claimant(AgentFactory(user=person))[0].user


def session_of(person: User) -> str:
    """Return the session of a person."""
    client = Client()
    client.force_login(person)
    return client.session.session_key or ""


def file_claim(page) -> None:
    """Photograph the receipt and type the invoice; a number that is too short keeps all, the picture included."""
    page.goto(reverse("billing:my-claims"))
    page.click(f"a[href='{reverse('billing:claim-new')}']")
    page.set_input_files("[name=file]", RECEIPT)
    for name, value in {**INVOICE, "number": "12"}.items():
        page.fill(f"[name={name}]", value)
    send = page.locator("button[value=send]")
    assert send.evaluate(MET), "the bar at the foot covers the button"
    send.tap()
    page.get_by_text("receipt.png").wait_for()
    page.wait_for_load_state()
    assert page.locator(".is-wrong [name=number]").count() == 1
    assert page.input_value("[name=gross]") == "100"
    page.fill("[name=number]", INVOICE["number"])
    page.press("[name=number]", "Tab")
    page.locator("#checks [data-code=title]").wait_for()
    assert page.locator("#checks [data-fits=no]").count() == 0
    send.tap()
    page.locator("a[href$='/paper/']").wait_for()


def test_a_claim_from_the_photo_to_the_payment(live, agent) -> None:
    """R67: the agent sends it on a phone, one of finance approves it, another pays it, and the agent sees that."""
    approver, payer = (session_of(PersonFactory(name=name, role=Role.FINANCE)) for name in ("何敏", "李芳"))
    phone = {"width": 390, "height": 844, "has_touch": True, "reduced_motion": "reduce", "session": session_of(agent)}
    with live.page(**phone) as page:
        file_claim(page)
        page.get_by_text("待审批").first.wait_for()
        assert page.evaluate(WIDTH) <= 390
        live.screenshot(page, "claim-1-sent")
        address = page.url
    with live.page(session=approver) as page:
        page.goto(reverse("billing:claims"))
        page.locator("main tbody a").first.click()
        page.wait_for_url(address)
        live.screenshot(page, "claim-2-to-approve")
        page.click("form[action$='/approve/'] button")
        page.locator("form[action$='/approve/']").wait_for(state="detached")
        page.goto(reverse("billing:payments"))
        assert page.locator("[name=pick]").is_disabled(), "who approved it does not pay it"
    with live.page(session=payer) as page:
        page.goto(address)
        page.click(f"a[href='{reverse('billing:payments')}']")
        page.fill("[name=reference]", "网银 20261120-07")
        live.screenshot(page, "claim-3-to-pay")
        page.click("main form button.btn-primary")
        page.wait_for_url("**/claims/payments/*/")
        live.screenshot(page, "claim-4-paid")
        page.goto(f"{address}paper/")
        assert "捌拾元整" in page.content()
        live.screenshot(page, "claim-5-paper")
    with live.page(**phone) as page:
        page.goto(reverse("billing:my-claims"))
        page.get_by_text("已付款").first.wait_for()
        live.screenshot(page, "claim-6-my-claims")
    claim = Claim.objects.get()
    assert (claim.state, claim.amount, claim.payable, claim.payee) == ("paid", 100, 80, "王小明")
    assert claim.lines.get().invoice.file.name == "receipt.png"
    assert PaymentBatch.objects.get().amount == 80
