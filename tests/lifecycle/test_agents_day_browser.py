"""An agent's whole day on a phone, in Chinese: from the sign-in to the fault in the evening."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Appraisal, CardConfirmation, CardRequest, TrainingRecord
from billing.models import UsageCharge, UsageRecord
from billing.services.partitions import ensure_partitions
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from cards.models import CardSecret
from lifecycle.models import Case, CustomerProblem, Matter
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, AppraisalFactory, hand_over
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierRuleFactory

PIN = "4719"
# The right answers of the shipped test, by question.
RIGHT = ((1,), (0,), (0, 1), (1,), (1,), (0,))


@pytest.fixture
def day(transactional_db):
    """A card to sign for, with a PIN, yesterday's charge and a call missed this morning."""
    now = timezone.now()
    load(now=now)
    CarrierRuleFactory(kind="daily_out_calls", limit=200, warn=160)
    agent = AgentFactory(user=PersonFactory(team=TeamFactory(name="一组"), name="王小明", role=Role.AGENT))
    card = CardFactory(team=agent.user.team)
    CardSecret.objects.create(card=card, pin1=PIN)
    held = hand_over(card, agent, at=now - timedelta(days=2))
    today = business_day(now)
    ensure_partitions(today - timedelta(days=1), today)
    UsageRecord.objects.create(
        card=card, started_at=now - timedelta(minutes=5), uid=uuid.uuid4(), source=UsageSourceFactory(), batch_id=1,
        agent=agent, msisdn=card.msisdn, direction="in", counterpart="+8613900000001", duration_s=0, answered=False,
    )  # fmt: skip
    UsageCharge.objects.create(card=card, day=today, role="carrier", agent=agent, calls=3, seconds=600, amount="1.50")
    AppraisalFactory(agent=agent, month=today.replace(day=1), signed_by=PersonFactory())
    return held


def sign_in(page, agent) -> None:
    """Open My cards by the sign-in page."""
    page.goto(reverse("lifecycle:my"))
    page.fill("[name=login]", agent.user.staff_no)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def learn_and_answer(page) -> None:
    """Pass the required test, write down a customer's problem, sign the appraisal, ask for the own data."""
    page.goto(reverse("agents:my-training"))
    page.click("#courses .btn-primary")
    for at, right in enumerate(RIGHT):
        for place in right:
            page.locator(f"[name=q{at}]").nth(place).check()
    page.fill("[name=signed_name]", "王小明")
    page.press("[name=signed_name]", "Enter")
    page.wait_for_url("**" + reverse("agents:my-training"))
    page.goto(reverse("lifecycle:problems"))
    page.fill("#problem [name=text]", "客户称多扣一次费用")
    page.click("#problem button[type=submit]")
    page.wait_for_selector("#problems")
    page.goto(reverse("lifecycle:my-data"))
    page.click("main form button[type=submit]")
    page.goto(reverse("lifecycle:my-performance"))
    page.fill("[name=comment]", "下月改进")
    page.fill("[name=signed_name]", "王小明")
    page.press("[name=signed_name]", "Enter")
    page.wait_for_selector("[name=signed_name]", state="detached")


def test_an_agents_day(live, day):
    """R14, R24, R32, R61, R62, R68, R70, R75, R115: the morning to the evening.

    Sign in, accept, read what is left, PIN, confirm the details, call back, ask for a swap, charges, the test, a
    customer's problem, the own appraisal, the own data, without a network, a fault.
    """
    card = day.card
    with live.page(width=390, height=844) as page:
        sign_in(page, day.agent)
        page.fill("#signed-name", "王小明")
        page.click("form[action$='/accept/'] button[type=submit]")
        assert page.locator("[data-left=today]").inner_text() == "200"
        live.screenshot(page, "day-1-my")
        with live.page(width=390, java_script_enabled=False) as bare:
            sign_in(bare, day.agent)
            assert bare.locator("[data-left=today]").inner_text() == "200", "My cards is read without JavaScript"
        page.click(f"a[href='{reverse('lifecycle:card-secrets', args=[card.pk])}']")
        page.click(f"a[href='{reverse('lifecycle:reveal', args=[card.pk, 'pin1'])}']")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.fill("[name=reason]", "换手机")
        page.click("main form button[type=submit]")
        assert page.locator(".secret").inner_text() == "••••"
        page.click("#glimpse button[value='1']")
        page.locator(".secret", has_text="4•••").wait_for()
        live.screenshot(page, "day-2-pin")
        page.click("#glimpse button[value=all]")
        page.locator(".secret", has_text=PIN).wait_for()
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")
        assert page.locator(".secret").inner_text() == "••••"
        page.goto(reverse("agents:confirm", args=[card.pk]))
        page.check("[value=device]")
        page.fill("[name=note]", "换了手机")
        page.click("main form button[type=submit]")
        page.click(f"a[href='{reverse('billing:my-missed')}'] >> nth=0")
        live.screenshot(page, "day-3-missed")
        page.click("button[name=caller]")
        page.locator("button[name=caller]").wait_for(state="detached")
        page.goto(reverse("agents:my-requests") + f"?replaces={card.pk}")
        page.fill("[name=reason]", "信号差")
        page.click("main form button[type=submit]")
        page.goto(reverse("billing:my-charges"))
        assert "¥1.50" in page.locator("main").inner_text()
        live.screenshot(page, "day-4-charges")
        learn_and_answer(page)
        live.screenshot(page, "day-5-work")
        page.goto(reverse("lifecycle:my"))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.context.set_offline(True)
        page.reload()
        assert page.locator("[data-no-network]").is_visible()
        live.screenshot(page, "day-6-offline")
        page.context.set_offline(False)
        page.goto(reverse("lifecycle:my-fault", args=[card.pk]))
        page.click("main form button[type=submit]")
        page.wait_for_selector("#reports")
        live.screenshot(page, "day-7-reported")
    day.refresh_from_db()
    card.refresh_from_db()
    assert day.accepted_at
    assert (CardConfirmation.objects.get().wrong, CardRequest.objects.get().replaces) == (["device"], card)
    assert TrainingRecord.objects.get(agent=day.agent).signed_name == "王小明"
    assert (Appraisal.objects.get().comment, CustomerProblem.objects.get().agent) == ("下月改进", day.agent)
    assert Matter.objects.get().about == day.agent.user
    assert (Case.objects.get().kind, card.custody_state, card.holder) == ("fault", "faulty", day.agent.user)
