"""A cancellation in a real Chromium, in Chinese: from the intent to CANCELLED, through the page of the case."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from cards.models import Card, Carrier
from lifecycle.models import Case
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, PlanPriceFactory, RegistrantFactory

BOXES = ("unbound", "not_forwarded", "may_be_lost")


@pytest.fixture
def card(client, transactional_db) -> Card:
    """A card of China Mobile with money, whose supervisor is signed in."""
    now = timezone.now()
    load(now=now)
    team, carrier = TeamFactory(), Carrier.objects.get(code="cmcc")
    price = PlanPriceFactory(plan__carrier=carrier, plan__name="大语音 39", monthly_fee=Decimal(39))
    earlier = now - timedelta(days=200)
    card = CardFactory(
        team=team,
        carrier=carrier,
        plan=price.plan,
        registrant=RegistrantFactory(name="星河科技有限公司"),
        activated_on=earlier.date(),
    )
    account = AccountFactory(carrier=carrier, cards=[card])
    top_up(account=account, card=card, amount=Decimal("66.50"), actor=None, now=now)
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team))
    return card


def test_a_number_is_cancelled_through_the_page(live, client, card):
    """R89, R96, R104, R105, R106, R107, R108: step by step to the end of the number."""
    complaints = []
    with live.page(session=client.session.session_key) as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(reverse("lifecycle:card", args=[card.pk]))
        page.wait_for_selector("#keeping a[href*='kind=cancellation']")
        live.screenshot(page, "ending-1-card")
        page.click("#keeping a[href*='kind=cancellation']")
        page.select_option("[name=reason]", "business_change")
        page.click("main button[type=submit]")
        page.wait_for_selector("#next")
        live.screenshot(page, "ending-2-intent")

        def done(**fields: str) -> None:
            for name, value in fields.items():
                page.fill(f"#next [name={name}]", value)
            page.click("#next button[value=complete]")
            page.wait_for_load_state()

        for box in BOXES:
            page.check(f"#next [name={box}]")
        done()
        done(place="保险柜二")
        done(note="余额足够")
        done()
        page.select_option("#next [name=channel]", "outlet")
        done()
        assert page.is_visible("#refusal"), "the papers are not at hand"
        live.screenshot(page, "ending-3-papers")
        page.select_option("#next [name=channel]", "outlet")
        for box in page.locator("#next [name=papers]").all():
            box.check()
        done()
        done(reference="YYT-7781", note="营业厅收件")
        live.screenshot(page, "ending-4-review")
        case = page.url
        page.goto(reverse("lifecycle:card", args=[card.pk]))
        assert page.locator(".notice.tone-yellow").count() >= 1
        page.goto(f"{case}papers/application/")
        live.screenshot(page, "ending-5-application")
        page.goto(case)
        done(note="10086 短信确认")
        done(note="再次拨打 10086，工号 3321")
        done(charged="39", refunded="27.50", note="账单")
        done()
        page.select_option("#close [name=outcome]", "cancelled")
        page.click("#close button[type=submit]")
        page.wait_for_load_state()
        live.screenshot(page, "ending-6-cancelled")
        page.set_viewport_size({"width": 390, "height": 844})
        live.screenshot(page, "ending-7-phone")
    assert [text for text in complaints if "409" not in text] == [], "only the refusal is told"
    card.refresh_from_db()
    assert card.service_state == "cancelled"
    assert sorted(Case.objects.values_list("kind", "outcome")) == [("cancellation", "cancelled"), ("destruction", "")]
