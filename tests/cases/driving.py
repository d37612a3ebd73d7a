"""People who drive cases through the pages in Chromium: a playbook is a row that says what each step is given.

No ORM call while a page is open: cards are made before, and the database is asked afterwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from playwright.sync_api import Locator, Page

from tests.factories.cards import picture

PROOF = {"name": "回执.txt", "mimeType": "text/plain", "buffer": "已受理\n".encode()}
PHOTO = {"name": "剪断的卡.png", "mimeType": "image/png", "buffer": picture()}
Given = Mapping[str, Any]
Sides = Mapping[str, Page]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One case from its opening to its outcome, driven by the first of the people, or by whom `by` names for a step.

    `steps` holds what each step is given, by its code, in their order. `amiss` is what is sent to a step before that,
    and the codes of the refusal that answers it. `papers` are printed at the end, each on one sheet. `closes` says
    that the case is closed by hand, `early` that this is tried at once, too, and refused.
    """

    kind: str
    reason: str
    steps: Mapping[str, Given]
    outcome: str
    card: Given = field(default_factory=dict)
    stop: Sequence[str] = ()
    by: Mapping[str, str] = field(default_factory=dict)
    amiss: Mapping[str, tuple[Given, Sequence[str]]] = field(default_factory=dict)
    papers: Sequence[str] = ()
    closes: bool = True
    early: bool = False
    ends: str = "active"


@contextmanager
def windows(live, sessions: Mapping[str, str]) -> Iterator[Sides]:
    """Open a window for each person; whatever a browser complains of but refusals is a failure."""
    complaints: list[str] = []
    with ExitStack() as stack:
        sides = {name: stack.enter_context(live.page(session=session)) for name, session in sessions.items()}
        for page in sides.values():
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        yield sides
    assert [text for text in complaints if "409" not in text and "422" not in text] == []


def drive(sides: Sides, run: Run, *, card: str) -> str:
    """Drive a case on a card, named by its ICCID, to its outcome; return its address."""
    first, *_others = sides
    address = open_case(sides[first], run.kind, run.reason, card=card)
    if run.early:
        close(sides[first], run.outcome)
        assert "gate_open" in refused(sides[first]), run.kind
    for code, given in run.steps.items():
        page = at_step(sides[run.by.get(code, first)], address, code)
        if code in run.amiss:
            wrong, codes = run.amiss[code]
            record(page, **wrong)
            assert refused(page) == sorted(codes), (run.kind, code)
        record(page, **given)
        assert step_states(page)[code] == "done", (run.kind, code, page.inner_text("main"))
    if page is not sides[first]:
        page = sides[first]
        page.goto(address)
    if run.closes:
        close(page, run.outcome)
    assert page.locator("#next, #close").count() == 0, (run.kind, page.inner_text("main"))
    for paper in run.papers:
        printed(page, address, paper)
    return address


def open_case(page: Page, kind: str, reason: str, *, card: str) -> str:
    """Open a case by its form, and return its address."""
    page.goto(reverse("lifecycle:case-new") + f"?kind={kind}")
    page.fill("main [name=card]", card)
    page.select_option("main [name=reason]", reason)
    page.fill("main [name=note]", "主管巡检时发现")
    page.click("main form[enctype] button[type=submit]")
    page.wait_for_selector("#next")
    return page.url


def at_step(page: Page, address: str, code: str) -> Page:
    """Go to the case, and to a step of it that is open, unless its form stands there already."""
    step = page.locator("#next")
    shown = step.get_attribute("data-code") if page.url == address and step.count() else None
    if shown != code:
        page.goto(f"{address}?step={code}")
        assert page.locator("#next").get_attribute("data-code") == code
    return page


def record(page: Page, *, proof: bool = False, **given: Any) -> None:
    """Fill the form of the step that is next, and send it."""
    form = page.locator("#next form")
    for name, value in given.items():
        enter(form.locator(f"[name={name}]"), value)
    if proof:
        enter(form.locator("[name=files]"), PROOF)
    form.locator("button[name=deed]").click()
    page.wait_for_load_state()


def enter(fields: Locator, value: Any) -> None:
    """Enter a value as its field takes it: a choice by value, label or index, boxes by their values, a file."""
    kind = fields.first.evaluate("node => node.tagName === 'SELECT' ? 'select' : node.type")
    if kind == "select":
        fields.select_option(**(value if isinstance(value, dict) else {"value": value}))
    elif kind == "file":
        fields.set_input_files(value)
    elif kind in ("radio", "checkbox"):
        if value is True:
            fields.check()
            return
        for box in [value] if isinstance(value, str) else value:
            fields.and_(fields.page.locator(f"[value='{box}']")).check()
    else:
        fields.fill(str(value))


def close(page: Page, outcome: str) -> None:
    """Close the case that is shown."""
    page.select_option("#close [name=outcome]", outcome)
    page.click("#close button[type=submit]")
    page.wait_for_load_state()


def step_states(page: Page) -> dict[str, str]:
    """Return the states of the steps that are shown, by their codes."""
    return dict(
        page.locator("#steps li").evaluate_all("rows => rows.map(row => [row.dataset.code, row.dataset.state])")
    )


def refused(page: Page) -> list[str]:
    """Return the codes of the refusal that is shown, sorted."""
    return sorted(page.locator("#refusal [data-code]").evaluate_all("rows => rows.map(row => row.dataset.code)"))


def printed(page: Page, address: str, code: str) -> None:
    """Open a paper of a case: it has a heading, says where it is signed, and goes on one sheet of A4."""
    page.goto(f"{address}papers/{code}/")
    assert (page.locator("main h1").count(), page.locator("main .closing .dated").count()) == (1, 1), code
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1, code
