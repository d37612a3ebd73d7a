"""The two ways to `can-call`, the short one of diallers and the ordinary one, say the same."""

from datetime import time, timedelta

import pytest

from agents.models import Assignment
from agents.selectors.callees import hash_of
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import issue_token
from cardfleet.wsgi import application, ordinary
from cards.models import Card
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CalleeListingFactory, hand_over
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import UsageDailyFactory
from tests.lifecycle.door import Answer, one_connection, over, rest, set_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)
    with one_connection():
        yield


@pytest.fixture
def card():
    """A card in use by an agent of a team."""
    team = TeamFactory()
    card = CardFactory(team=team)
    hand_over(card, AgentFactory(user__team=team, user__role=Role.AGENT), at=FRIDAY - timedelta(3), accepted_at=FRIDAY)
    card.refresh_from_db()
    return card


def both(path, asked=None, method="GET", **heads) -> Answer:
    """Return what both ways answer, and hold them together: status, heads and every byte, but who may frame a page."""
    short, long = (over(way, path, asked, method, **heads) for way in (application, ordinary))
    assert (short.status_code, short.content) == (long.status_code, long.content)
    assert short.headers.items() <= long.headers.items()
    assert long.headers.keys() - short.headers.keys() <= OF_PAGES
    return short


OF_PAGES = {"X-Frame-Options", "Allow", "Content-Security-Policy"}
CALLEE = "13900139000"


def list_callee(kind):
    return lambda _card: CalleeListingFactory(kind=kind, number_hash=hash_of(f"+86{CALLEE}"), given_at=FRIDAY)


def change(**fields):
    return lambda card: Card.objects.filter(pk=card.pk).update(**fields)


def hold(**fields):
    return lambda card: Assignment.objects.filter(card=card).update(**fields)


# One after another on one card: what is done, and the refusals that are then said.
CASES = [
    (lambda _card: None, set()),
    (list_callee("consent"), set()),
    (list_callee("do_not_call"), {"do_not_call"}),
    (lambda card: UsageDailyFactory(card=card, calls=210), {"daily_cap", "hourly_cap"}),
    (change(service_state="half_stop"), {"not_in_service"}),
    (change(hours_from=time(13), hours_to=time(18)), {"outside_card_hours"}),
    (change(direction="inbound"), {"inbound_only"}),
    (change(real_name_state="invalid"), {"real_name"}),
    (change(custody_state="resting"), {"not_in_use"}),
    (hold(accepted_at=None), {"not_accepted"}),
    (hold(ended_at=FRIDAY), {"not_issued"}),
    (rest, {"holiday"}),
    (set_window(["19:00", "20:00"]), {"outside_hours"}),
    (set_window("19:00"), {"rule_unreadable"}),
]


def test_the_short_way_says_what_the_ordinary_one_says(card):
    """R12, R31, R40: yes, and every kind of no, with and without a callee or another purpose, in three languages."""
    token, _expiry = issue_token(person=card.holder, now=FRIDAY)
    path, said = f"/api/v1/cards/{card.pk}/can-call/", set()
    for number, (deed, wanted) in enumerate(CASES):
        deed(card)
        heads = {"authorization": f"Token {token}", "accept-language": ("en", "zh-hans", "zh-hant")[number % 3]}
        answers = [both(path, asked, **heads) for asked in ({}, {"callee": CALLEE}, {"purpose": "service"})]
        said |= {reason["code"] for answer in answers for reason in answer.json()["reasons"]}
        assert wanted <= said
        assert {answer.headers["Content-Language"] for answer in answers} == {heads["accept-language"]}
        assert all(len(answer.headers) > len(OF_PAGES) for answer in answers)
    assert {"no_consent", "other_purpose"} < said


@pytest.mark.parametrize(
    ("asked", "status"), [({"callee": "12"}, 400), ({"callee": ""}, 400), ({"purpose": "fun"}, 400), ({"to": "1"}, 400)]
)
def test_what_cannot_be_answered_is_refused_as_ever(card, asked, status):
    token, _expiry = issue_token(person=card.holder, now=FRIDAY)
    answer = both(f"/api/v1/cards/{card.pk}/can-call/", asked, authorization=f"Token {token}")
    assert answer.status_code == status


def test_who_may_not_ask_is_told_as_ever(card):
    """R12, R76: no token, none of ours, a leaver's, a role without the right, out of sight, no such card or method."""
    path, none = f"/api/v1/cards/{card.pk}/can-call/", f"/api/v1/cards/{card.pk + 9}/can-call/"
    leaver, elsewhere, finance = (
        PersonFactory(role=Role.COMPLIANCE),
        PersonFactory(role=Role.SUPERVISOR),
        PersonFactory(role=None),
    )
    tokens = [issue_token(person=person, now=FRIDAY)[0] for person in (leaver, elsewhere, finance, card.holder)]
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    heads = [{"authorization": f"Token {token}"} for token in ("0" * 64, *tokens)]
    assert [both(path, **head).status_code for head in ({}, *heads)] == [401, 401, 401, 404, 403, 200]
    assert both(none, **heads[-1]).status_code == 404
    assert both(path, method="POST", **heads[-1]).status_code == 405
    assert both(path, **heads[-1], accept="text/html").status_code == 406
    assert both(path, **heads[-1], host="elsewhere.example").status_code == 400
