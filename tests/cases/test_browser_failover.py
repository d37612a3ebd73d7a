"""A faulty card, the ranked spares, one press: in a real Chromium, in Chinese (R47, R55)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from cards.choices import CustodyState
from cards.models import Card
from cards.services.inspections import inspect_card
from lifecycle.models import CardSwitch
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.cards import CardFactory, CarrierFactory, RegistrantFactory


@pytest.fixture
def ground(client, transactional_db) -> dict:
    """A supervisor whose agent has a faulty card, and two spares: the second is of the same legal holder."""
    now = timezone.now()
    load(now=now)
    team, company = TeamFactory(name="一组"), RegistrantFactory(name="华信科技有限公司")
    agent = train(AgentFactory(user__team=team, user__name="李娜"))
    facts = {"team": team, "carrier": CarrierFactory()}
    old = CardFactory(registrant=company, **facts)
    hand_over(old, agent, at=now - timedelta(days=3))
    inspect_card(card_id=old.pk, condition="damaged", damage="wet", lay_aside=True, actor=None, now=now)
    spare = {**facts, "custody_state": CustodyState.SPARE}
    CardFactory(registrant=RegistrantFactory(name="另一公司"), **spare)
    best = CardFactory(registrant=company, **spare)
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team, team=team))
    return {"old": old, "best": best, "agent": agent, "session": client.session.session_key}


def test_one_press_gives_the_agent_a_spare(live, ground) -> None:
    """R47, R55, R110: the best spare stands first with its reasons; one press moves the agent and drafts the notice."""
    complaints, old, best = [], ground["old"], ground["best"]
    with live.page(session=ground["session"]) as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"/cards/{old.pk}/")
        page.click(f"a[href='/cards/{old.pk}/failover/']")
        page.wait_for_selector("#failover")
        first = page.locator("#failover tbody tr").first
        assert first.locator(f"a[href='/cards/{best.pk}/']").count() == 1
        assert "机主相同：华信科技有限公司" in first.inner_text()
        live.screenshot(page, "failover-1-ranked")
        page.set_viewport_size({"width": 390, "height": 844})
        live.screenshot(page, "failover-2-phone")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.select_option("select[name=old_goes_to]", "faulty")
        first.locator("button[name=standby]").click()
        page.wait_for_url("**/number-notices/*/")
        assert "华信科技有限公司" in page.locator("textarea").first.input_value()
        live.screenshot(page, "failover-3-notice")
        page.goto("/standby/")
        live.screenshot(page, "failover-4-pool")
    held = Card.objects.get(pk=best.pk)
    assert held.holder == ground["agent"].user
    assert CardSwitch.objects.get().old_card == old
    assert complaints == []
