"""`can-call` as a dialler asks: who sees which card, the day, the purpose, rules that cannot be read, its cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from knox.models import AuthToken
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import TokenTerms, TokenUse, User
from cardfleet.accounts.rules import Terms
from cardfleet.accounts.services.access import renew_token
from cards.models import Card
from lifecycle.models import CalendarDay
from lifecycle.rules.allowance import OF_A_CALL
from lifecycle.rules.kinds import FORBIDDING, KINDS
from lifecycle.selectors.dialling import READ
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierRuleFactory
from tests.lifecycle.door import dialler, one_connection, rest, set_window
from tests.rules.terms import BY_KIND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture(autouse=True)
def connected():
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


def test_a_token_notes_its_use_once_a_minute(card, time_machine, django_assert_num_queries):
    get, path = dialler(card.holder), f"/api/v1/cards/{card.pk}/can-call/"
    get(path)
    with django_assert_num_queries(2):
        get(path)
    assert TokenUse.objects.get().last_used_at == FRIDAY
    time_machine.move_to(FRIDAY + timedelta(seconds=61), tick=False)
    get(path)
    assert TokenUse.objects.get().last_used_at == FRIDAY + timedelta(seconds=61)


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


def test_terms_of_a_token_hold_on_the_short_way(card, settings):
    """It may be for reading only; not for other areas; each time from its addresses, however lately it was seen."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    path = f"/api/v1/cards/{card.pk}/can-call/"
    near, far = ({"X-Forwarded-For": address} for address in ("10.0.0.7", "10.1.0.7"))
    assert dialler(card.holder, Terms(writes=False))(path).status_code == 200
    other = dialler(card.holder, Terms(areas=frozenset({"billing"})))(path)
    assert (other.status_code, other.json()["code"]) == (403, "token_too_narrow")
    get = dialler(card.holder, Terms(areas=frozenset({"cards"}), networks=("10.0.0.0/24",)))
    assert [get(path, **heads).status_code for heads in (near, near, far, near, far)] == [200, 200, 403, 200, 403]
    assert get(path, **far).json()["code"] == "token_elsewhere"


def test_a_renewed_token_ends_on_the_short_way(card, time_machine):
    get, path = dialler(card.holder), f"/api/v1/cards/{card.pk}/can-call/"
    terms = TokenTerms.objects.get()
    assert get(path).status_code == 200
    renew_token(terms_id=terms.pk, overlap=timedelta(seconds=30), actor=card.holder, now=FRIDAY)
    assert get(path).status_code == 200
    time_machine.move_to(FRIDAY + timedelta(seconds=31), tick=False)
    assert get(path).status_code == 401


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
