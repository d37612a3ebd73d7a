"""The desk's other main paths, in a real Chromium in Chinese: a request up to its signature, a plan, a count, Back."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from agents.models import Assignment, CardRequest, StockTakeRow
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.kernel.reference import load
from cards.models import CardNote
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, train
from tests.factories.cards import CardFactory
from tests.factories.stock import LocationFactory

LONG = "长" * 9_998 + "😀\n"


@pytest.fixture
def desk(transactional_db):
    """A supervisor and an agent with an emoji in their name, both signed in, and three cards in one place."""
    load(now=timezone.now())
    team = TeamFactory()
    agent = train(AgentFactory(user__team=team, user__name="王芳😀", user__staff_no="A0418", user__role=Role.AGENT))
    place = LocationFactory()
    cards = [CardFactory(team=team, msisdn=f"+861390001{number}", location=place.name) for number in (2001, 2002, 2003)]
    people = {"supervisor": PersonFactory(role=Role.SUPERVISOR, scope=team), "agent": agent.user}
    return {"cards": cards, "place": place} | {role: session_of(person) for role, person in people.items()}


def session_of(person: User) -> str:
    """Sign a person in and return the session's key."""
    client = Client()
    client.force_login(person)
    return client.session.session_key or ""


def ask_for_a_card(page: Page) -> None:
    """The agent asks on the phone."""
    page.goto("/agents/requests/mine/")
    page.fill("input[name=count]", "1")
    page.fill("[name=reason]", "新项目外呼")
    page.click("main form.panel-body button[type=submit]")
    expect(page.locator("main table tbody tr .act button")).to_be_visible()


def approve_and_hand_out(page: Page, iccid: str) -> None:
    """The supervisor approves, scans a wrong barcode and a right one, and hands out: the wrong one costs nothing."""
    page.goto("/agents/requests/")
    page.click("button[name=answer][value=approve]")
    page.click("a[href*='/handout/scan/?request=']")
    expect(page.locator("main")).to_contain_text("王芳😀")
    for code in ("6901234567892", iccid):
        page.locator("[data-scan-field]").press_sequentially(code)
        page.keyboard.press("Enter")
    expect(page.locator("[data-scan-count]")).to_have_text("1")
    expect(page.locator(".scan-row[data-state=refused]")).to_have_count(1)
    page.click("[data-scan-submit]")
    expect(page.locator(".notice.tone-green, .notice.tone-orange").first).to_be_visible()


def sign_on_screen(page: Page) -> None:
    """The agent signs with a finger for all that waits."""
    page.goto("/my/")
    box = page.locator("canvas[data-sign]").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 50, steps=4)
    page.mouse.up()
    page.click("form[action*=accept] button[type=submit]")
    expect(page.locator(".standing")).to_be_visible()


def test_from_a_request_to_a_signature(live, desk):
    """R8, R11, R75: asked for on a phone, approved, handed out by scanning, signed on the screen."""
    with live.page(session=desk["agent"], width=390, height=844) as phone:
        ask_for_a_card(phone)
    with live.page(session=desk["supervisor"]) as page:
        approve_and_hand_out(page, desk["cards"][0].iccid)
    with live.page(session=desk["agent"], width=390, height=844) as phone:
        sign_on_screen(phone)
    held = Assignment.objects.open().select_related("handover").get()
    assert held.accepted_at
    assert held.handover.signature
    assert CardRequest.objects.get().state == "handed_out"


def plan_and_undo(page: Page, team: int) -> None:
    """Two cards are planned, handed out and taken back in one go."""
    page.goto(f"/handout/distribute/?team={team}&count=2&planned=400")
    page.click("main form[method=post] button.btn-primary")
    page.click("[data-dialog=undo-act]")
    page.fill("#undo-why", "数量有误")
    page.click("#undo-act button.btn-primary")
    page.wait_for_load_state("networkidle")


def count(page: Page, place: int, iccid: str) -> None:
    """A place is counted: one card found, one barcode of no card, two not found."""
    page.goto("/agents/stock-takes/")
    page.select_option("select[name=location]", str(place))
    page.click("form[action$='/start/'] button[type=submit]")
    for code, told in ((iccid, "13900012001"), ("6901234567892", "6901234567892")):
        page.fill("input[name=scans]", code)
        page.keyboard.press("Enter")
        expect(page.locator(".scan-outcome")).to_contain_text(told)
    expect(page.locator(".tiles.is-count .count").nth(2)).to_contain_text("2")


def write_and_go_back(page: Page, card: int) -> None:
    """A long note with emoji is kept whole, a tag is put on, and Back leads to the list as it was asked for."""
    page.goto("/cards/?search=139000120&custody_state=in_stock")
    page.click(f"main a[href^='/cards/{card}/']")
    page.fill("#note-text", LONG)
    page.click("#notes form button[type=submit]")
    expect(page.locator("ul.notes > li").first).to_contain_text("😀")
    page.click("#card-tags a.btn")
    page.fill("#card-tags input[name=add]", "夜班😀")
    page.keyboard.press("Enter")
    expect(page.locator("#card-tags .chip")).to_contain_text("夜班😀")
    page.go_back()
    expect(page.locator(".filters input[type=search]")).to_have_value("139000120")
    assert "custody_state=in_stock" in page.url
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_plan_a_count_a_note_and_the_way_back(live, desk):
    """R7, R11, R14: what the desk does beside handing out, each by its page."""
    card, place = desk["cards"][0], desk["place"]
    with live.page(session=desk["supervisor"]) as page:
        count(page, place.pk, card.iccid)
        write_and_go_back(page, card.pk)
        plan_and_undo(page, card.team_id)
    assert not Assignment.objects.open().exists()
    assert Assignment.objects.filter(undone_at__isnull=False).exists()
    rows = [(row.is_expected, row.found_at is not None) for row in StockTakeRow.objects.all()]
    assert sorted(rows) == [(False, True), (True, False), (True, False), (True, True)]
    assert CardNote.objects.get().text == LONG.strip()
