"""A card is lost: the agent reports it on the phone, the supervisor brings its number to a new SIM; in Chinese."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from lifecycle.models import Case
from tests.cases.driving import record
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

NEW = "89860070310112094338"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def held(client, transactional_db):
    """A card in an agent's hands, and the sessions of the agent and of a supervisor."""
    now = timezone.now()
    load(now=now)
    team = TeamFactory(name="一组")
    agent = AgentFactory(user=PersonFactory(team=team, name="王小明", role=Role.AGENT))
    card = CardFactory(team=team)
    hand_over(card, agent, at=now - timedelta(days=8), accepted_at=now - timedelta(days=8))
    sessions = []
    for person in (agent.user, PersonFactory(role=Role.SUPERVISOR, scope=team, name="李主管")):
        client.force_login(person)
        sessions.append(client.session.session_key)
        client.cookies.clear()
    return card, *sessions


def test_a_lost_card_is_reported_on_the_phone_and_goes_on_with_a_new_sim(live, held):
    """R50, R52: reported in one press that is asked once more, stopped, the plan followed, re-issued, tried, closed."""
    card, agent, supervisor = held
    with live.page(session=agent, **PHONE) as page:
        page.goto(reverse("lifecycle:my"))
        page.click("[data-dialog=lose]")
        page.check("#lose input[value=phone]")
        live.screenshot(page, "loss-1-phone")
        page.click("#lose button[type=submit]")
        page.wait_for_selector("#reports")
        live.screenshot(page, "loss-2-reported")
    with live.page(session=supervisor) as page:
        page.goto(reverse("lifecycle:cases"))
        page.click("#cases tbody td.kind a")
        page.wait_for_selector("#next")
        record(page, ticket="GS-1")
        assert page.locator("#next input[value=phone]").is_checked()
        for measure in ("calls", "codes", "unbind", "lock"):
            page.check(f"#next input[value={measure}]")
        record(page)
        live.screenshot(page, "loss-3-case")
        record(page, way="reissue")
        record(page, iccid=NEW, note="营业厅补卡，回执已收")
        record(page, note="拨打公司热线，双方清晰")
        page.select_option("#close [name=outcome]", "replaced")
        page.click("#close button[type=submit]")
        page.wait_for_load_state()
        live.screenshot(page, "loss-4-closed")
        page.goto(reverse("lifecycle:case-figures"))
        live.screenshot(page, "loss-5-figures")
    case = Case.objects.get()
    card.refresh_from_db()
    assert (case.outcome, card.iccid, card.service_state, card.custody_state) == ("replaced", NEW, "active", "issued")
    assert card.holder == case.opened_by
