"""A top-up in Chinese, in a real Chromium: asked on the agent's phone, approved, paid, arrived, confirmed (R6, R28)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.choices import TopUpState
from billing.models import BalanceReading, LedgerEntry, TopUpRequest
from billing.services.top_ups.confirming import confirm_top_ups
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.kernel.reference import load
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory


@pytest.fixture
def card(transactional_db, time_machine):
    """A card in an agent's hand, paid by an account of its own."""
    time_machine.move_to(FRIDAY, tick=False)
    load(now=timezone.now())
    team = TeamFactory(name="一组")
    agent = PersonFactory(name="王小明", role=Role.AGENT, team=team)
    card = CardFactory(team=team, holder=agent, custody_state="issued")
    AccountFactory(carrier=card.carrier, cards=[card])
    return card


def session_of(person: User) -> str:
    """Return the session of a person."""
    client = Client()
    client.force_login(person)
    return client.session.session_key or ""


def ask(page, card) -> None:
    """Ask for five thousand by a slipped dot, be asked about it, and mean fifty."""
    page.goto(f"{reverse('billing:top-up-ask')}?card={card.pk}")
    page.fill("[name=amount]", "5000")
    page.fill("[name=reason]", "余额不足")
    page.locator("main form button.btn-primary").tap()
    page.locator(".is-wrong [name=amount]").wait_for()
    assert page.locator("[name=sure]").is_visible()
    page.fill("[name=amount]", "50")
    page.locator("main form button.btn-primary").tap()
    page.get_by_text("待审批").first.wait_for()


def test_a_top_up_from_asking_to_the_balance_that_shows_it(live, card) -> None:
    """R6, R28, R29: not approved by who asked; supervised, paid, seen to come, and confirmed by a reading."""
    supervisor = PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=card.team)
    finance = session_of(PersonFactory(name="何敏", role=Role.FINANCE))
    sessions = session_of(card.holder), session_of(supervisor)
    with live.page(width=390, height=844, has_touch=True, reduced_motion="reduce", session=sessions[0]) as page:
        ask(page, card)
        assert page.locator("form[action$='/decide/']").count() == 0, "nobody approves their own"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        live.screenshot(page, "top-up-1-asked")
        address = page.url
    with live.page(session=sessions[1]) as page:
        page.goto(reverse("billing:top-ups"))
        page.check("tbody [name=pick]")
        live.screenshot(page, "top-up-2-list")
        page.click("#decide button[value=approve]")
        page.locator("tbody [name=pick]").wait_for(state="detached")
    with live.page(session=finance) as page:
        page.goto(address)
        page.select_option("[name=channel]", "alipay")
        page.fill("[name=paid]", "45")
        page.click("form[action$='/pay/'] button.btn-primary")
        page.locator(".is-wrong [name=risk_reason]").wait_for()
        live.screenshot(page, "top-up-3-discounted")
        page.fill("[name=paid]", "50")
        page.click("form[action$='/pay/'] button.btn-primary")
        page.click("form[action$='/arrive/'] button.btn-primary")
        page.locator("form[action$='/arrive/']").wait_for(state="detached")
        live.screenshot(page, "top-up-4-arrived")
    asked = TopUpRequest.objects.get()
    assert (asked.state, asked.risk, LedgerEntry.objects.get().amount) == (TopUpState.ARRIVED, "", 50)
    read = timezone.now() + timedelta(hours=1)
    BalanceReading.objects.create(account=asked.account, read_at=read, balance=50, source="app", recorded_at=read)
    confirm_top_ups(account_ids=[asked.account_id], now=read)
    with live.page(width=390, height=844, session=sessions[0]) as page:
        page.goto(address)
        page.get_by_text("余额已核实").first.wait_for()
        live.screenshot(page, "top-up-5-confirmed")
    asked.refresh_from_db()
    assert asked.state == TopUpState.CONFIRMED
