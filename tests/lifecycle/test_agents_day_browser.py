"""An agent's whole day on a phone, in Chinese: from the sign-in to what the cards cost."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import CardConfirmation, CardRequest
from billing.models import UsageCharge, UsageRecord
from billing.services.partitions import ensure_partitions
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from cards.models import CardSecret
from lifecycle.models import Case
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierRuleFactory

PIN = "4719"


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
    return held


def test_an_agents_day(live, day):
    """R14, R24, R32, R68, R75, R115: sign in, accept, read, PIN, confirm, call back, ask, charges, offline, fault."""
    card = day.card
    with live.page(width=390, height=844) as page:
        page.goto(reverse("lifecycle:my"))
        page.fill("[name=login]", day.agent.user.staff_no)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.fill("#signed-name", "王小明")
        page.click("form[action$='/accept/'] button[type=submit]")
        assert page.locator("[data-left=today]").inner_text() == "200"
        live.screenshot(page, "day-1-my")
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
        page.goto(reverse("lifecycle:my"))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.context.set_offline(True)
        page.reload()
        assert page.locator("[data-no-network]").is_visible()
        live.screenshot(page, "day-5-offline")
        page.context.set_offline(False)
        page.goto(reverse("lifecycle:my-fault", args=[card.pk]))
        page.click("main form button[type=submit]")
        page.wait_for_selector("#reports")
        live.screenshot(page, "day-6-reported")
    day.refresh_from_db()
    card.refresh_from_db()
    assert day.accepted_at
    assert (CardConfirmation.objects.get().wrong, CardRequest.objects.get().replaces) == (["device"], card)
    assert (Case.objects.get().kind, card.custody_state, card.holder) == ("fault", "faulty", day.agent.user)
