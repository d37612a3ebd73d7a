"""What people do under load is what the site answers: every action once, at the least size."""

import random

import pytest
from django.test import Client

from cardfleet.accounts.choices import Role
from load.actions import DOINGS, Answer, Request
from load.asked import read
from load.machine import Watch
from load.stage import build
from load.trial import Found, misses

PAGE = {"name": "board", "asked": 100, "failed": 0, "p95": 299.0}
ALL = {**PAGE, "name": "all"}


@pytest.fixture
def people(db):
    return build(cards=400, calls=0, supervisors=1, agents=2)


def answer(browser: Client, request: Request) -> Answer:
    """Ask as the generator does; any other status than the one that is due is an error there."""
    headers = {"HX-Request": "true"} if request.part else {}
    if request.form is None:
        found = browser.get(request.path, headers=headers)
    else:
        found = browser.post(request.path, dict(request.form), headers=headers)
    assert found.status_code == request.due, request
    return Answer(text=found.content.decode(), location=found.headers.get("Location", ""))


def test_all_that_people_do_is_answered(people, settings):
    """Reading and writing, by sessions made beforehand, with the tokens of forms; hand-out and return in turns."""
    chance, asked = random.Random(7), set()
    for person in (people[0], people[-1]):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies[settings.SESSION_COOKIE_NAME] = person.session
        browser.cookies[settings.CSRF_COOKIE_NAME] = "c" * 32
        doings = list(DOINGS[person.role])
        for doing in (*doings, *doings):
            action, answers = doing(person, chance), None
            while True:
                try:
                    requests = action.send(answers)
                except StopIteration:
                    break
                asked |= {request.name for request in requests}
                answers = [answer(browser, request) for request in requests]
    written = {"write a note", "put a tag on", "see to an alert", "hand a card out", "take a card back"}
    assert written <= asked
    assert {"board: hours", "card: money", "my cards, one of them"} <= asked


def test_a_supervisor_writes_once_in_ten():
    doings = {doing.__name__: often for doing, often in DOINGS[Role.SUPERVISOR].items()}
    assert sum(doings.values()) == 100
    assert sum(doings[name] for name in ("note", "tag", "acknowledge", "hand_over")) == 10
    assert sum(DOINGS[Role.AGENT].values()) == 100


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, None),
        ({"pages": [{**PAGE, "p95": 300.0}, ALL]}, "board: p95 300 ms of 300"),
        ({"pages": [{**PAGE, "p95": 900.0, "asked": 99}, ALL]}, None),
        ({"pages": [PAGE, {**ALL, "p95": 301.0}]}, "all: p95 301 ms of 300"),
        ({"pages": [{**ALL, "asked": 0, "p95": 0.0}]}, "nobody was answered"),
        ({"errors": ["1 board: 500"], "pages": [PAGE, {**ALL, "failed": 1}]}, "errors: 1 of 100"),
        ({"slope": 1.1}, "memory grew by 1.1 MB a minute of 1"),
        ({"ended": {"web": 1}}, "ended by themselves: {'web': 1}"),
    ],
)
def test_bars(changed, sentence):
    """A page asked less than a hundred times is not held to its p95, and a short run not to its memory."""
    fine = {"seconds": 600, "before": 0, "pages": [PAGE, ALL], "errors": [], "memory": [], "slope": 0.9}
    found = Found(**{**fine, "processor": {}, "ended": {}, "stolen": "", **changed})
    assert list(misses(found, read([]))) == ([sentence] if sentence else [])
    if "slope" in changed:
        assert not list(misses(found, read(["--minutes", "1"])))


def test_memory_is_told_by_the_second_half():
    watch = Watch(list, memory=[(0, 100), (60, 500), (120, 600), (180, 602), (240, 604), (300, 606)])
    assert watch.slope == pytest.approx(2)
