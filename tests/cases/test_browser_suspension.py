"""A card stopped for a violation on its way back, in a real Chromium, in Chinese: two people, one letter."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from cards.choices import ServiceState
from cards.services.states import change_service_state
from lifecycle.models import Case
from tests.cases.driving import printed, record
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CourseFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import UsageDailyFactory


@pytest.fixture
def stopped(client, transactional_db):
    """A stopped card in an agent's hands, and the sessions of a supervisor and of compliance."""
    now = timezone.now()
    load(now=now)
    team = TeamFactory(name="一组")
    agent, card = AgentFactory(user__team=team, user__name="王小明"), CardFactory(team=team)
    CourseFactory(title="外呼合规")
    hand_over(card, agent, at=now - timedelta(days=8))
    for days in range(1, 5):
        day = (now - timedelta(days=days)).date()
        UsageDailyFactory(card=card, day=day, calls=150 + days, most_in_60=44, under_10=30, last_at=now)
    at = now - timedelta(hours=3)
    change_service_state(
        card_id=card.pk, to="forced_stop", reason="violation", source="carrier_sms", at=at, actor=None, now=now
    )
    sessions = []
    for role, scope in ((Role.SUPERVISOR, team), (Role.COMPLIANCE, None)):
        client.force_login(PersonFactory(role=role, scope=scope) if scope else PersonFactory(role=role))
        sessions.append(client.session.session_key)
        client.cookies.clear()
    return card, *sessions


def test_a_violation_is_brought_back_into_use(live, stopped):
    """R35, R44, R46: opened by hand, the carrier's word, measures, training, letter, release, test call, restored.

    R41: the downtime report shows the stop by its reason.
    """
    card, supervisor, compliance = stopped
    today = timezone.now().date().isoformat()
    with live.page(session=supervisor) as page:
        page.goto(reverse("lifecycle:case-new") + f"?card={card.pk}&kind=suspension")
        page.select_option("[name=reason]", "violation")
        page.fill("[name=note]", "无法呼出")
        page.click("main form button[type=submit]")
        page.wait_for_selector("#next")
        address = page.url
        record(page, channel="hotline", whom="8021", ticket="GD-7", note="称多次短通话被系统拦截")
        record(page, cause="violation", note="短信确认", proof=True)
        record(page, measures="降低呼出频次\n外呼前核对同意记录", calls_a_day="80", ready_on=today, note="已开会布置")
        record(page, course={"label": "外呼合规"}, passed_on=today)
        live.screenshot(page, "suspension-1-case")
        printed(page, address, "commitment")
        assert "外呼合规" in page.inner_text("main")
        live.screenshot(page, "suspension-2-letter")
        page.goto(address)
        record(page, channel="outlet", ticket="GD-8", proof=True)
        record(page, proof=True)
        assert not page.locator("#next form").count(), "the release is not the supervisor's"
    with live.page(session=compliance) as page:
        page.goto(address)
        record(page, note="整改、培训、回复齐全")
    with live.page(session=supervisor) as page:
        page.goto(address)
        record(page, connected=True, note="拨打公司热线，双方清晰")
        record(page, note="王小明继续使用，每日不超过 80 次")
        page.select_option("#close [name=outcome]", "restored")
        page.click("#close button[type=submit]")
        page.wait_for_load_state()
        live.screenshot(page, "suspension-3-closed")
        page.goto(reverse("lifecycle:downtime") + "?by=reason")
        page.wait_for_selector("canvas")
        assert "违反运营商规定" in page.inner_text("table.is-report")
        live.screenshot(page, "suspension-4-downtime")
        page.set_viewport_size({"width": 390, "height": 844})
        live.screenshot(page, "suspension-5-downtime-phone")
    case = Case.objects.get()
    card.refresh_from_db()
    assert (case.outcome, case.cause, card.service_state) == ("restored", "violation", ServiceState.ACTIVE)
