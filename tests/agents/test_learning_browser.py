"""An agent on the phone, in Chinese: takes the required test, signs the policy, and is handed a card."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.errors import HandoutRefused
from agents.models import Policy
from agents.services.assignments import issue
from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.cards import CardFactory

NAME = "王小明"


@pytest.fixture
def newcomer(client, transactional_db):
    """An agent who has neither passed nor signed anything, and their session; the policy is required."""
    load(now=timezone.now())
    Policy.objects.update(is_required=True)
    agent = AgentFactory(user=PersonFactory(team=TeamFactory(name="一组"), name=NAME, role=Role.AGENT))
    client.force_login(agent.user)
    return agent, client.session.session_key


def test_a_newcomer_learns_signs_and_is_handed_a_card(live, newcomer):
    """R61, R73, R112: a failed test says which answers were wrong, a passed one and a signature open the gate."""
    agent, session = newcomer
    card = CardFactory(team=agent.user.team)
    with pytest.raises(HandoutRefused) as refused:
        issue(card_id=card.pk, agent_id=agent.pk, actor=None, now=timezone.now(), gates={})
    assert {reason.code for reason in refused.value.reasons} == {"training_missing", "policy_unsigned"}
    with live.page(session=session, width=390, height=844) as page:
        page.goto(reverse("agents:my-training"))
        live.screenshot(page, "learning-1-mine")
        page.click("#courses .btn-primary")
        for box in page.locator(".quiz").all():
            box.locator("input").first.press("Space")
        page.fill("[name=signed_name]", NAME)
        page.press("[name=signed_name]", "Enter")
        page.wait_for_selector("#result")
        assert page.locator(".quiz.is-wrong").count()
        live.screenshot(page, "learning-2-failed")
        for at, right in enumerate(([1], [0], [0, 1], [1], [1], [0])):
            for place, box in enumerate(page.locator(f"[name=q{at}]").all()):
                if box.is_checked() != (place in right) and (place in right or box.get_attribute("type") == "checkbox"):
                    box.press("Space")
        page.fill("[name=signed_name]", NAME)
        page.press("[name=signed_name]", "Enter")
        page.wait_for_url("**" + reverse("agents:my-training"))
        page.goto(reverse("agents:policies"))
        page.fill("[name=signed_name]", NAME)
        live.screenshot(page, "learning-3-policy")
        page.press("[name=signed_name]", "Enter")
        page.wait_for_load_state()
        page.wait_for_selector("form.stack", state="detached")
        live.screenshot(page, "learning-4-signed")
    assert issue(card_id=card.pk, agent_id=agent.pk, actor=None, now=timezone.now(), gates={}).assignment.agent == agent
