"""A renewal driven through its pages in Chromium, in Chinese."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from lifecycle.choices import CaseOutcome
from lifecycle.models import Case
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, PlanPriceFactory


@pytest.fixture
def session(client, transactional_db) -> str:
    """The session of a supervisor whose card is valid for twenty days yet."""
    load(now=timezone.now())
    team, price = TeamFactory(), PlanPriceFactory(monthly_fee=Decimal(29))
    ends_on = business_day(timezone.now()) + timedelta(days=20)
    CardFactory(
        team=team, plan=price.plan, carrier=price.plan.carrier, expires_on=ends_on, iccid="89860000000000000017"
    )
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team))
    return client.session.session_key


def test_a_card_is_renewed(live, session):
    """R15, R22: opened, decided with its cost, renewed with receipt and new day, closed by itself."""
    complaints = []
    with live.page(session=session) as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto("/cases/new/?kind=renewal")
        page.fill("[name=card]", "89860000000000000017")
        page.select_option("[name=reason]", "expired")
        page.click("form[enctype] button[type=submit]")
        page.wait_for_selector("#next")
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        assert "¥348.00" in page.inner_text("main")
        live.screenshot(page, "renewal-1-decide")
        page.check("[name=decision][value=renew]")
        page.fill("#next [name=note]", "客户仍在用")
        page.click("#next button[value=complete]")
        page.wait_for_selector("[name=expires_on]")
        expected = page.input_value("[name=expires_on]")
        page.select_option("[name=channel]", "outlet")
        page.fill("[name=paid]", "348")
        page.fill("#next [name=note]", "受理单 8801")
        page.set_viewport_size({"width": 390, "height": 844})
        live.screenshot(page, "renewal-2-renewed")
        page.click("#next button[value=complete]")
        page.wait_for_selector("#next", state="detached")
        live.screenshot(page, "renewal-3-closed")
    assert complaints == []
    case = Case.objects.select_related("card").get()
    assert (case.outcome, case.card.expires_on.isoformat()) == (CaseOutcome.KEPT, expected)
