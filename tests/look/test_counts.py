"""How many keys, clicks and scans the desk's daily acts take, in each language (issue 5: faster than a spreadsheet)."""

from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agents.models import Assignment
from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, train
from tests.factories.cards import CardFactory

LANGUAGES = ("zh-hans", "zh-hant", "en")
MANY, LEFT = 40, 2


@dataclass
class Hand:
    """Hands on keyboard, mouse and scanner, which count."""

    page: Page
    keys: int = 0
    clicks: int = 0

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        """Type, a key a character."""
        for letter in text:
            self.press(letter)

    def scan(self, code: str) -> None:
        """Scan a barcode: the scanner types it and ends it with Enter."""
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Enter")
        self.keys += 1

    def click(self, selector: str) -> None:
        """Click."""
        self.page.click(selector)
        self.clicks += 1

    def spent(self) -> tuple[int, int]:
        """Return keys with scans, and clicks, and begin to count anew."""
        spent, self.keys, self.clicks = (self.keys, self.clicks), 0, 0
        return spent


@pytest.fixture
def desk(transactional_db, client):
    """A supervisor signed in, two agents who may hold cards, and cards in stock."""
    load(now=timezone.now())
    team = TeamFactory()
    for number, name, initials in (("A0417", "李晓雯", "lxw"), ("A0418", "王芳", "wf")):
        train(AgentFactory(user__team=team, user__name=name, user__name_initials=initials, user__staff_no=number))
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=team)
    client.force_login(supervisor)
    cards = [CardFactory(team=team, msisdn=f"+8613900{number:06}") for number in range(1234, 1234 + MANY + LEFT)]
    return client.session.session_key, supervisor.username, [(card.pk, card.iccid, card.msisdn) for card in cards]


def find_issue_return(hand: Hand, card: tuple[int, str, str]) -> list[tuple[int, int]]:
    """Find a card by its last four digits, hand it out and take it back; return what each took."""
    page, (pk, _iccid, msisdn) = hand.page, card
    link, spent = f"main a[href='/cards/{pk}/']", []
    page.goto("/")
    hand.press("/")
    hand.type(msisdn[-4:])
    hand.press("Enter")
    expect(page.locator(link)).to_have_count(1)
    spent.append(hand.spent())
    hand.click(link)
    hand.click(f".page-actions a[href='/handout/?card={pk}']")
    hand.click("button[name=agent][value=A0417]")
    expect(page.locator(".toast-note")).to_have_class("toast-note tone-green")
    spent.append(hand.spent())
    page.goto(f"/cards/?search={msisdn[-4:]}")
    hand.click(link)
    hand.click(f".page-actions a[href='/handout/return/?card={pk}']")
    hand.click("main form.panel-body button[type=submit]")
    expect(page.locator(".toast-note")).to_have_class("toast-note tone-green")
    spent.append(hand.spent())
    return spent


def scan_all(hand: Hand, cards: list[tuple[int, str, str]]) -> tuple[int, int]:
    """Hand all cards out to one agent by scanning, from the board on; return what it took."""
    hand.page.goto("/")
    hand.click(".page-actions a[href='/handout/']")
    hand.click(".page-actions a[href='/handout/scan/']")
    expect(hand.page.locator("main input[name=agent]")).to_be_focused()
    hand.type("wf")
    hand.press("Enter")
    expect(hand.page.locator("[data-scan-field]")).to_be_focused()
    for _pk, iccid, _msisdn in cards:
        hand.scan(iccid)
    expect(hand.page.locator("[data-scan-count]")).to_have_text(str(len(cards)), timeout=60_000)
    hand.click("[data-scan-submit]")
    expect(hand.page.locator(".notice.tone-green")).to_be_visible(timeout=60_000)
    return hand.spent()


def lose_the_session(hand: Hand, person: str, cards: list[tuple[int, str, str]]) -> None:
    """Scan cards, lose the session, press the button, sign in: the scans are there again."""
    page = hand.page
    page.goto("/handout/scan/?agent=A0418")
    for _pk, iccid, _msisdn in cards:
        hand.scan(iccid)
    page.locator("input[name=accessories]").evaluate("(one) => { one.value = '充电器'; }")
    expect(page.locator("[data-scan-count]")).to_have_text(str(len(cards)))
    page.context.clear_cookies(name="sessionid")
    page.click("[data-scan-submit]")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    expect(page.locator("[data-scan-count]")).to_have_text(str(len(cards)))
    expect(page.locator("input[name=accessories]")).to_have_value("充电器")


def test_few_keys_and_clicks(live, desk) -> None:
    """Found by four digits with 6 keys, out with 4 more, back with 3; forty by 44 scans or keys and 3 clicks."""
    session, person, cards = desk
    took, spoken = [], []
    with live.page(session=session) as page:
        hand = Hand(page)
        for number, language in enumerate(LANGUAGES):
            page.context.add_cookies([{"name": "django_language", "value": language, "url": live.url}])
            took.append(find_issue_return(hand, cards[number]))
            spoken.append(page.locator("html").get_attribute("lang"))
        forty = scan_all(hand, cards[:MANY])
        lose_the_session(hand, person, cards[MANY:])
    assert spoken == list(LANGUAGES)
    assert took == [[(6, 0), (0, 3), (0, 3)]] * len(LANGUAGES)
    assert forty[0] <= 44
    assert forty[1] <= 3
    assert Assignment.objects.open().filter(agent__user__staff_no="A0418").count() == MANY
