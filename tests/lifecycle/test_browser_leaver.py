"""An agent leaves, from the notice to the end; in Chinese."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import LeavingState
from agents.models import Leaving
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory


@pytest.fixture
def leaver(client, transactional_db):
    """An agent with a card, and the session of their supervisor."""
    now = timezone.now()
    load(now=now)
    team = TeamFactory(name="一组")
    agent = AgentFactory(user=PersonFactory(team=team, name="王小明", role=Role.AGENT))
    hand_over(CardFactory(team=team), agent, at=now - timedelta(days=8), accepted_at=now - timedelta(days=8))
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, name="李主管"))
    return agent, client.session.session_key


def test_an_agent_leaves_from_the_notice_to_the_end(live, leaver):
    """R76: notice, last day, red on the board, card taken back, claims settled, finished."""
    agent, session = leaver
    with live.page(session=session) as page:
        page.goto(reverse("agents:detail", args=[agent.pk]))
        page.click("[data-dialog=notice]")
        page.fill("#notice [name=leaves_on]", business_day(timezone.now()).isoformat())
        page.fill("#notice [name=reason]", "回老家")
        page.click("#notice button[type=submit]")
        page.wait_for_selector("#tasks")
        of_leaver = page.url
        page.click("[data-dialog=leave]")
        page.fill("#leave [name=reason]", "回老家")
        page.click("#leave button[type=submit]")
        page.wait_for_selector("#tasks .tone-green")
        live.screenshot(page, "leaver-1-left")
        page.goto(reverse("lifecycle:board"))
        page.wait_for_selector("td.kind .tone-red")
        page.goto(reverse("lifecycle:leaving"))
        page.click("#leavers tbody a")
        page.click("form[action$='/finish/'] button")
        page.wait_for_selector("#refusal")
        page.click("#tasks a[href*='card=']")
        with page.expect_navigation():
            page.click(".halves form button.btn-primary")
        page.goto(of_leaver)
        page.fill("#tasks [name=note]", "财务确认无欠款")
        with page.expect_navigation():
            page.click("#tasks form button")
        page.click("form[action$='/finish/'] button")
        page.wait_for_selector(".subject .tone-green")
        live.screenshot(page, "leaver-2-finished")
    assert Leaving.objects.get().state == LeavingState.FINISHED
