"""`can-call` as a dialler asks: who sees which card, the day, the purpose, rules that cannot be read, its cost."""

import json
from datetime import date, time, timedelta
from functools import partial
from typing import NamedTuple

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import RequestFactory
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from agents.models import Assignment
from agents.selectors.callees import hash_of
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import TokenUse, User
from cardfleet.accounts.services.access import issue_token
from cardfleet.wsgi import application, ordinary
from cards.models import Card, CarrierRule
from lifecycle.models import CalendarDay
from lifecycle.rules.allowance import OF_A_CALL
from lifecycle.rules.kinds import FORBIDDING, KINDS
from lifecycle.selectors.dialling import READ
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CalleeListingFactory, hand_over
from tests.factories.cards import CardFactory, CarrierRuleFactory
from tests.factories.lifecycle import UsageDailyFactory
from tests.rules.terms import BY_KIND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture(autouse=True)
def one_connection():
    """The server closes what is too old, and takes a test's transaction for it; Django's test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def card():
    """A card in use by an agent of a team."""
    team = TeamFactory()
    card = CardFactory(team=team)
    hand_over(card, AgentFactory(user__team=team, user__role=Role.AGENT), at=FRIDAY - timedelta(3), accepted_at=FRIDAY)
    card.refresh_from_db()
    return card


def ask(card, person, **asked):
    api = APIClient()
    api.force_authenticate(person)
    return api.get(f"/api/v1/cards/{card.pk}/can-call/", asked)


def codes(answer) -> list[str]:
    return [reason["code"] for reason in answer.json()["reasons"]]


def test_it_answers_those_who_see_the_card(card):
    """R12: the same scope as everywhere else."""
    people = [
        PersonFactory(role=Role.SUPERVISOR, scope=card.team),
        PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()),
        PersonFactory(role=Role.SUPERVISOR),
        PersonFactory(role=Role.COMPLIANCE),
        card.holder,
        PersonFactory(role=Role.AGENT, team=card.team),
    ]
    seen = [Card.objects.visible_to(person).filter(pk=card.pk).exists() for person in people]
    assert seen == [True, False, False, True, True, False]
    assert [ask(card, person).status_code for person in people] == [200 if sees else 404 for sees in seen]


def test_day_and_purpose_are_said(card):
    """R3, R31: a holiday is named; a year without a calendar says so; another purpose than the card's refuses."""
    answer = ask(card, card.holder, purpose="research")
    assert (codes(answer), answer.json()["day"]) == (
        ["other_purpose"],
        {"kind": "workday", "name": "", "is_known": True},
    )
    assert ask(card, card.holder, purpose="fun").status_code == 400
    CalendarDay.objects.all().delete()
    assert ask(card, card.holder).json()["day"]["is_known"] is False
    CalendarDay.objects.create(day=date(2026, 11, 20), kind="holiday", name="Founders' day")
    assert ask(card, card.holder).json()["day"] == {"kind": "holiday", "name": "Founders' day", "is_known": True}


def test_a_window_that_cannot_be_read_refuses_at_once(card):
    """R31: it fails closed; once mended it lets calls again, without a restart."""
    assert codes(ask(card, card.holder)) == []
    broken = CarrierRuleFactory(kind="call_window", params={"allowed": ["09:00"]}, effective_from=date(2026, 11, 1))
    answer = ask(card, card.holder)
    assert (codes(answer), answer.json()["allowed"]) == (["rule_unreadable"], False)
    broken.params = {"allowed": [["09:00", "12:00"]]}
    broken.save()
    assert codes(ask(card, card.holder)) == []


def test_rules_of_a_new_installation_need_the_short_way_only():
    """Else every question would read all inputs of the card."""
    forbidding = [kind for kind in OF_A_CALL & BY_KIND.keys() if BY_KIND[kind].action in FORBIDDING]
    needed = {fact for kind in forbidding for fact in KINDS[kind].facts}
    assert needed <= READ


class Answer(NamedTuple):
    """What a server would send."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self):
        return json.loads(self.content)


def over(way, path, asked=None, method="GET", **heads) -> Answer:
    """Ask as gunicorn does: the site as it is served, or its ordinary way alone."""
    made = getattr(RequestFactory(headers=heads), method.lower())
    told = []
    answer = way(made(path, asked).environ, lambda status, headers, *_info: told.extend((status, headers)))
    content = b"".join(answer)
    getattr(answer, "close", int)()
    return Answer(int(told[0][:3]), {name: value for name, value in told[1] if name != "X-Request-ID"}, content)


def dialler(person, **heads):
    """Return what asks with a token of the person."""
    token, _expiry = issue_token(person=person, now=timezone.now())
    return partial(over, application, authorization=f"Token {token}", **heads)


def test_a_token_notes_its_use_once_a_minute(card, time_machine, django_assert_num_queries):
    get, path = dialler(card.holder), f"/api/v1/cards/{card.pk}/can-call/"
    get(path)
    with django_assert_num_queries(2):
        get(path)
    assert TokenUse.objects.get().last_used_at == FRIDAY
    time_machine.move_to(FRIDAY + timedelta(seconds=61), tick=False)
    get(path)
    assert TokenUse.objects.get().last_used_at == FRIDAY + timedelta(seconds=61)


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


def set_window(hours):
    return lambda _card: CarrierRule.objects.filter(kind="call_window").update(params={"allowed": [hours]})


def rest(_card):
    CarrierRule.objects.filter(kind="holiday").update(action="block")
    CalendarDay.objects.create(day=FRIDAY.date(), kind="holiday", name="Founders' day")


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
        PersonFactory(role=Role.COMPLIANCE, is_active=False),
        PersonFactory(role=Role.SUPERVISOR),
        PersonFactory(role=None),
    )
    tokens = [issue_token(person=person, now=FRIDAY)[0] for person in (leaver, elsewhere, finance, card.holder)]
    heads = [{"authorization": f"Token {token}"} for token in ("0" * 64, *tokens)]
    assert [both(path, **head).status_code for head in ({}, *heads)] == [401, 401, 401, 404, 403, 200]
    assert both(none, **heads[-1]).status_code == 404
    assert both(path, method="POST", **heads[-1]).status_code == 405
    assert both(path, **heads[-1], accept="text/html").status_code == 406
    assert both(path, **heads[-1], host="elsewhere.example").status_code == 400


def end_token(person):
    AuthToken.objects.filter(user=person).delete()


def let_token_expire(person):
    AuthToken.objects.filter(user=person).update(expiry=FRIDAY - timedelta(seconds=1))


def leave(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def give_one_time_password(person):
    User.objects.filter(pk=person.pk).update(must_change_password=True)


def take_role(person):
    person.groups.clear()


def lose_sight(person):
    person.scope_grants.all().delete()


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        (end_token, 401),
        (let_token_expire, 401),
        (leave, 401),
        (give_one_time_password, 403),
        (take_role, 403),
        (lose_sight, 404),
    ],
)
def test_what_was_remembered_of_a_caller_ends_at_once(card, deed, status):
    """R76: a token is proven by each statement, however lately it was read."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=card.team)
    get, path = dialler(person), f"/api/v1/cards/{card.pk}/can-call/"
    assert [get(path).status_code for _time in range(2)] == [200, 200]
    deed(person)
    assert [get(path).status_code for _time in range(2)] == [status, status]


def test_what_a_role_may_do_is_read_again_each_minute(card, time_machine):
    person = PersonFactory(role=Role.SUPERVISOR, scope=card.team)
    get, path = dialler(person), f"/api/v1/cards/{card.pk}/can-call/"
    assert get(path).status_code == 200
    person.groups.get().permissions.clear()
    time_machine.move_to(FRIDAY + timedelta(seconds=60), tick=False)
    assert get(path).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_what_was_read_holds_until_anything_is_written(card, django_assert_num_queries):
    """R12, R31, R76: one statement a question; rules, calendar and sight are as they stand, whoever writes them."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=card.team)
    get, path = dialler(person), f"/api/v1/cards/{card.pk}/can-call/"
    assert [get(path).json()["allowed"] for _time in range(2)] == [True, True]
    with django_assert_num_queries(1):
        get(path)
    rest(card)
    assert codes(get(path)) == ["holiday"]
    set_window("19:00")(card)
    assert codes(get(path)) == ["holiday", "rule_unreadable"]
    lose_sight(person)
    assert get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_made_anew(card):
    """A database that was started again costs nobody an answer."""
    get, path = dialler(card.holder), f"/api/v1/cards/{card.pk}/can-call/"
    assert get(path).status_code == 200
    ends_it = connection.copy()
    with connection.cursor() as lost, ends_it.cursor() as cursor:
        lost.execute("SELECT pg_backend_pid()")
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", lost.fetchone())
    ends_it.close()
    assert get(path).status_code == 200
