"""Every page as somebody who works with it, in one browser: what axe-core, the policy and the eye would find.

`SCREENSHOTS=1` keeps a picture of each at 390, 1280 and 1920 px, light and dark, under var/screenshots/pages/.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, Page, Request

from cardfleet.assets import NODE_MODULES
from tests.admin_routes import ADMIN
from tests.test_permissions import lines

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
WIDTHS = (390, 1280, 1920)
# Several browsers at once take the pages in turns.
PARTS = 3
# Colours are the same everywhere (test_contrast.py); these pages have all that is drawn in them.
IN_DARK = frozenset({"lifecycle:board", "lifecycle:fleet", "lifecycle:card", "lifecycle:my", "admin:rule"})
EVERYTHING = os.environ.get("SCREENSHOTS") == "1"
FIRST_OF = ("supervisor", "agent", "admin")
WORKS_WITH = {"lifecycle:my": "agent"}
# The administration is one set of templates: an evidence list, reference data and the rule editor stand for all.
ADMINISTRATION = ("journal_entry", "cards_carrier", "cards_carrierrule")
# What Django calls an empty choice.
DASHES = ">---------<"
SETTLED = """async () => {
  while (document.readyState !== "complete" || document.querySelector(".htmx-request"))
    await new Promise((done) => setTimeout(done, 20));
  await new Promise((done) => setTimeout(done, 20));
}"""
FINDINGS = """async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
  return violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes[0].target} (${one.nodes.length}) ${one.nodes[0].any[0]?.message ?? ""}`);
}"""
SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { sum += one.hadRecentInput ? 0 : one.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 20);
})"""
# Each control of the page can be scrolled to where it stands above the bar at the foot of a phone.
COVERED = """() => {
  const bar = document.querySelector(".bottombar")?.getBoundingClientRect();
  const controls = bar?.height ? document.querySelectorAll("main :is(button, input, select, textarea, a.btn)") : [];
  return [...controls].filter((one) => one.checkVisibility() && !one.closest("details:not([open])")).filter((one) => {
    one.scrollIntoView({ block: "end", behavior: "instant" });
    return one.getBoundingClientRect().bottom > bar.top + 1;
  }).map((one) => one.name || one.textContent.trim());
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Visit:
    """A page to look at: its name, address, and the session of whoever looks."""

    name: str
    path: str
    session: str


@dataclass
class Eye:
    """A browser's page that writes down what is wrong."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)
    name: str = ""

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: said.type in {"error", "warning"} and self.said(said.text))
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("request", lambda asked: self.leaves(asked.url) and self.note(f"leaves the origin: {asked.url}"))
        self.page.on("requestfinished", self.finished)

    def note(self, what: str) -> None:
        """Write down what is wrong with the present page."""
        self.wrong.append(f"{self.name}: {what}")

    def said(self, text: str) -> None:
        """Write down what the browser complains of; failed requests are told with their address instead."""
        if not text.startswith("Failed to load resource"):
            self.note(text)

    def finished(self, request: Request) -> None:
        """Write down a part or a file that was not there."""
        if request.resource_type != "document" and (answer := request.response()) and answer.status >= 400:
            self.note(f"{answer.status} {request.url}")

    def leaves(self, url: str) -> bool:
        """Tell whether an address is another server's."""
        return not url.startswith((self.url, "data:", "blob:", "about:"))

    def finds(self, visit: Visit) -> list[str]:
        """Return what is wrong with a page."""
        self.wrong = []
        self.look(visit)
        return self.wrong

    def look(self, visit: Visit) -> None:
        """Open a page and look at it in light, some in dark, at all widths; parts and files are passed over."""
        self.name = visit.name
        self.page.goto("about:blank")
        self.page.context.add_cookies([{"name": "sessionid", "value": visit.session, "url": self.url}])
        try:
            self.page.goto(visit.path)
        except Error as gone:
            if "Download is starting" not in str(gone):
                self.note(str(gone))
            return
        if not self.page.evaluate("!!document.doctype"):
            return
        self.page.evaluate(SETTLED)
        # The administration's frame is put together by its own script; how soon is not ours to say.
        if (shifted := self.page.evaluate(SHIFTED)) > 0.1 and not visit.name.startswith("admin:"):
            self.note(f"the layout jumps: {shifted:.2f}")
        if DASHES in self.page.content():
            self.note("an empty choice without words")
        self.page.evaluate(AXE.read_text("utf-8"))
        self.ask({"runOnly": STANDARDS}, "light")
        if EVERYTHING or visit.name in IN_DARK:
            self.page.emulate_media(color_scheme="dark")
            self.ask({"runOnly": ["color-contrast"]}, "dark")
            self.page.emulate_media(color_scheme="light")
        self.sizes()

    def ask(self, options: dict[str, Any], scheme: str) -> None:
        """Ask axe-core."""
        for finding in self.page.evaluate(FINDINGS, options):
            self.note(f"{scheme}: {finding}")

    def sizes(self) -> None:
        """See that nothing is wider than the window, from a phone's to a large screen's."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if (over := self.page.evaluate(SIDEWAYS)) > 0:
                self.note(f"{over} px too wide at {width}")
            if covered := self.page.evaluate(COVERED):
                self.note(f"under the bar at {width}: {covered}")
            if EVERYTHING:
                self.pictures(width)
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def pictures(self, width: int) -> None:
        """Keep the page in light and in dark."""
        folder = settings.CARDFLEET_HOME / "screenshots" / "pages"
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            name = self.name.replace(":", "-").replace(" ", "-")
            self.page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)


def visits(people: dict[str, Any], things: dict[str, Any]) -> Iterator[Visit]:
    """Yield each address that may be got, as the first of the roles that may."""
    sessions = {role: session_of(person) for role, person in people.items()}
    for name, path, api, may_get, marks in lines(things):
        role = WORKS_WITH.get(name) or next((one for one in FIRST_OF if marks[one] == "y"), "")
        if role and may_get and not api:
            yield Visit(name, path, sessions[role])
    for model in ADMIN if EVERYTHING else ADMINISTRATION:
        yield Visit(f"admin:{model}", reverse(f"admin:{model}_changelist"), sessions["admin"])
    yield Visit("admin:rule", reverse("admin:cards_carrierrule_change", args=[things["rule"]]), sessions["admin"])
    yield Visit("not found", "/nowhere/", sessions["supervisor"])
    yield Visit("sign in", "/account/login/", "")


def session_of(person: Any) -> str:
    """Sign a person in and return the session's key."""
    client = Client()
    client.force_login(person)
    return client.session.session_key or ""


@pytest.mark.usefixtures("transactional_db", "reference")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page(live, people, things, part) -> None:
    """No serious finding, no complaint of the browser, no request elsewhere, no jump, nothing too wide."""
    pages = list(visits(people, things))[part::PARTS]
    with live.page(reduced_motion="reduce") as page:
        eye = Eye(page, live.url)
        doubtful = [visit for visit in pages if eye.finds(visit)]
        # A busy machine draws late once; what is wrong with the page itself is seen twice.
        wrong = [finding for visit in doubtful for finding in eye.finds(visit)]
    assert not wrong, "\n".join(wrong)
