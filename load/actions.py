"""What people do: each action is the requests of one look or one deed, in the order in which a browser sends them.

An action yields requests and is sent their answers; it knows neither who sends them nor how. What a page loads by
itself is asked for all at once, as a browser does it, and counted under the name of its page.
"""

import html
import random
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

Form = Mapping[str, str]
# Parts that a page asks for as soon as it is shown.
LOADED = re.compile(r'hx-get="([^"]*)"[^>]*hx-trigger="load')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CARD = re.compile(r'href="(/cards/\d+/)[?"]')
OWN_CARD = re.compile(r'href="(\?card=\d+)"')
TO_ACKNOWLEDGE = re.compile(r'hx-post="(/alerts/\d+/acknowledge/)"')
FILTERS = ("?stopped=true", "?risk=high", "?alert=arrears", "?expires_within=30", "?custody_state=in_stock", "?page=2")


@dataclass(frozen=True)
class Request:
    """A request; with `form` it is sent by POST. `part` is asked for by htmx, from the page at `page`."""

    name: str
    path: str
    form: Form | None = None
    part: bool = False

    @property
    def due(self) -> int:
        """The status of the answer that is expected: a form of a whole page leads on to another."""
        return 200 if self.form is None or self.part else 302


@dataclass(frozen=True)
class Answer:
    """What came back."""

    text: str = ""
    location: str = ""


@dataclass
class Person:
    """Somebody signed in: what they hand out (ICCIDs) to whom (staff numbers), and the cards of the last list."""

    role: str
    session: str
    cards: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


Action = Generator[Sequence[Request], Sequence[Answer], None]
Doing = Callable[[Person, random.Random], Action]
Looking = Generator[Sequence[Request], Sequence[Answer], str]


def look(name: str, path: str) -> Looking:
    """Open a page, with the parts that it loads by itself; return its text."""
    (page,) = yield [Request(name, path)]
    parts = [html.unescape(address) for address in LOADED.findall(page.text)]
    if parts:
        yield [Request(f"{name}: {_shape(part)}", part, part=True) for part in parts]
    return page.text


def send(name: str, page: str, path: str, **form: str) -> Action:
    """Send a form of a page, and open the page that the answer leads to."""
    (sent,) = yield [Request(name, path, form={**form, **_token(page)})]
    if sent.location:
        yield from look(f"{name}, then the page", sent.location)


def send_part(name: str, page: str, path: str, **form: str) -> Action:
    """Send a form by htmx, which puts the answer into the page."""
    yield [Request(name, path, form={**form, **_token(page)}, part=True)]


def board(_person: Person, _chance: random.Random) -> Action:
    """See what needs action now."""
    yield from look("board", "/")


def fleet(person: Person, chance: random.Random) -> Action:
    """Look through the cards by a filter."""
    found = CARD.findall((yield from look("cards", f"/cards/{chance.choice(FILTERS)}")))
    person.seen = found or person.seen


def find(_person: Person, chance: random.Random) -> Action:
    """Find a card by its last four digits."""
    yield from look("cards, by four digits", f"/cards/?search={chance.randrange(10_000):04}")


def card(person: Person, chance: random.Random) -> Action:
    """Open a card of the last list."""
    if person.seen:
        yield from look("card", chance.choice(person.seen))
    else:
        yield from fleet(person, chance)


def alerts(_person: Person, _chance: random.Random) -> Action:
    """Look at the alerts."""
    yield from look("alerts", "/alerts/")


def cases(_person: Person, _chance: random.Random) -> Action:
    """Look at the cases."""
    yield from look("cases", "/cases/")


def desk(_person: Person, _chance: random.Random) -> Action:
    """Open the desk of hand-outs."""
    yield from look("hand-out", "/handout/")


def note(person: Person, chance: random.Random) -> Action:
    """Write a note on a card."""
    if not person.seen:
        yield from fleet(person, chance)
    for path in chance.sample(person.seen, k=min(1, len(person.seen))):
        (page,) = yield [Request("card: notes", f"{path}notes/", part=True)]
        yield from send_part("write a note", page.text, f"{path}notes/", text=f"打过电话 {chance.randrange(1000)}")


def tag(person: Person, chance: random.Random) -> Action:
    """Put a tag on a card."""
    if not person.seen:
        yield from fleet(person, chance)
    for path in chance.sample(person.seen, k=min(1, len(person.seen))):
        (page,) = yield [Request("card: tags", f"{path}tags/", part=True)]
        yield from send_part("put a tag on", page.text, f"{path}tags/", add=f"批次{chance.randrange(40)}", remove="")


def acknowledge(_person: Person, chance: random.Random) -> Action:
    """Say that one sees to an alert."""
    page = yield from look("alerts", "/alerts/")
    found = TO_ACKNOWLEDGE.findall(page)
    if found:
        yield from send_part("see to an alert", page, chance.choice(found))


def hand_over(person: Person, chance: random.Random) -> Action:
    """Hand out a card, or take the last one back."""
    if person.handed:
        page = yield from look("return", "/handout/return/")
        back = {"card": person.handed.pop(), "to": "in_stock", "condition": "good", "ended_at": "", "note": ""}
        person.cards.append(back["card"])
        yield from send("take a card back", page, "/handout/return/", **back)
    elif person.cards:
        page = yield from look("hand-out", "/handout/")
        out = {"card": person.cards.pop(), "agent": chance.choice(person.agents)}
        person.handed.append(out["card"])
        yield from send("hand a card out", page, "/handout/", **out, due_back_on="", started_at="", note="")


def my_cards(person: Person, _chance: random.Random) -> Action:
    """Look at one's own cards on the phone."""
    person.seen = OWN_CARD.findall((yield from look("my cards", "/my/")))


def my_card(person: Person, chance: random.Random) -> Action:
    """Look at another of one's own cards."""
    if person.seen:
        yield from look("my cards, one of them", f"/my/{chance.choice(person.seen)}")
    else:
        yield from my_cards(person, chance)


def my_charges(_person: Person, _chance: random.Random) -> Action:
    """See what one's calls cost."""
    yield from look("my charges", "/my/charges/")


def my_missed(_person: Person, _chance: random.Random) -> Action:
    """See whom to call back."""
    yield from look("my calls to return", "/my/missed/")


def inbox(_person: Person, _chance: random.Random) -> Action:
    """Read one's messages."""
    yield from look("inbox", "/inbox/")


# How often out of a hundred; of a supervisor's actions one in ten is a write.
DOINGS: Mapping[str, Mapping[Doing, int]] = {
    "supervisor": {board: 25, fleet: 20, find: 10, card: 15, alerts: 10, cases: 5, desk: 5, note: 3, tag: 2,
                   acknowledge: 2, hand_over: 3},
    "agent": {my_cards: 65, my_card: 15, my_charges: 8, my_missed: 7, inbox: 5},
}  # fmt: skip
EVERY_S: Mapping[str, float] = {"supervisor": 20, "agent": 120}


def drawn(person: Person, chance: random.Random) -> Action:
    """Return what a person does next."""
    doings = DOINGS[person.role]
    (chosen,) = chance.choices(list(doings), weights=list(doings.values()))
    return chosen(person, chance)


def _token(page: str) -> Form:
    found = TOKEN.search(page)
    return {"csrfmiddlewaretoken": found.group(1)} if found else {}


def _shape(path: str) -> str:
    """Return the last word of an address: what a part is called."""
    words = [word for word in path.partition("?")[0].split("/") if word and not word.isdecimal()]
    return words[-1] if words else "counted anew"
