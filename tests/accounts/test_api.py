"""Signing in to the API, and its teams."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.utils import timezone
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import deactivate, issue_token
from cardfleet.accounts.services.passwords import reset_password
from cardfleet.journal.models import Entry
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db
TOKEN, TEAMS = "/api/v1/auth/token/", "/api/v1/teams/"


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def sign_in(api: APIClient, **given: str):
    return api.post(TOKEN, {"password": PASSWORD, **given})


def test_a_token_opens_the_api_and_expires(api, reference) -> None:
    person = PersonFactory(staff_no="A017", role=Role.SUPERVISOR)
    answer = sign_in(api, username="a017")
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expiry"}
    api.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert api.get(TEAMS).status_code == 200
    assert Entry.objects.first().action == "accounts.token_issued"
    assert person.auth_token_set.count() == 1


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"username": "A017", "password": "wrong"}, 401, "sign_in_refused"),
        ({"username": "nobody"}, 401, "sign_in_refused"),
        ({"username": "leaver"}, 401, "sign_in_refused"),
        ({"username": "new"}, 403, "password_change_due"),
        ({"username": ""}, 400, "bad_input"),
        ({}, 400, "bad_input"),
    ],
)
def test_who_gets_no_token(given: dict[str, str], status: int, code: str, api) -> None:
    PersonFactory(staff_no="A017")
    PersonFactory(username="leaver", is_active=False)
    PersonFactory(username="new", must_change_password=True)
    answer = sign_in(api, **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "details"}


def test_guessing_is_limited(api) -> None:
    PersonFactory(staff_no="A017")
    for _ in range(5):
        assert sign_in(api, username="A017", password="wrong").status_code == 401
    answer = sign_in(api, username="A017")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")


def test_wrong_tokens_are_limited_by_address_and_right_ones_go_on(api, reference, time_machine) -> None:
    time_machine.move_to("2026-11-20T10:00:00+08:00", tick=False)
    token, _expiry = issue_token(person=PersonFactory(role=Role.SUPERVISOR), now=timezone.now())
    answers = []
    for number in range(61):
        api.credentials(HTTP_AUTHORIZATION=f"Token {'0' * 60}{number:04}")
        answers.append(api.get(TEAMS))
    assert [answer.status_code for answer in answers] == [401] * 60 + [429]
    assert answers[-1]["Retry-After"] == "60"
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api.get(TEAMS).status_code == 200
    api.credentials(HTTP_AUTHORIZATION="Token 0")
    assert api.get(TEAMS, headers={"X-Forwarded-For": "198.51.100.9"}).status_code == 429, "no proxy of ours says so"
    time_machine.move_to("2026-11-20T10:01:00+08:00", tick=False)
    assert api.get(TEAMS).status_code == 401


def test_a_second_factor_is_asked_for_and_a_code_works_once(api, reference, settings) -> None:
    settings.MFA_ROLES = ["finance"]
    person = PersonFactory(staff_no="A017", role=Role.FINANCE)
    assert sign_in(api, username="A017").json()["code"] == "second_factor_due"
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    for code in ("", "000000"):
        answer = sign_in(api, username="A017", otp=code)
        assert (answer.status_code, answer.json()["code"]) == (401, "one_time_code_wrong")
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert sign_in(api, username="A017", otp=code).status_code == 200
    assert sign_in(api, username="A017", otp=code).status_code == 401


def test_a_recovery_code_works_too(api) -> None:
    person = PersonFactory(staff_no="A017")
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    assert sign_in(api, username="A017", otp=code).status_code == 200
    assert Authenticator.objects.filter(user=person).count() == 2


def test_tokens_end_with_the_password_and_with_the_job(api, reference, now) -> None:
    """R76: a leaver's token is worth nothing at once."""
    for end in (
        lambda person: reset_password(person=person, actor=None, now=now),
        lambda person: deactivate(person=person, actor=None, now=now),
    ):
        person = PersonFactory(role=Role.SUPERVISOR)
        api.credentials()
        token = sign_in(api, username=person.username).json()["token"]
        api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        assert api.get(TEAMS).status_code == 200
        end(person)
        answer = api.get(TEAMS)
        assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("header", [None, "Token", "Token x", "Token a b", "Bearer x"])
def test_without_a_token_nothing_opens(header: str | None, api) -> None:
    if header:
        api.credentials(HTTP_AUTHORIZATION=header)
    answer = api.get(TEAMS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_a_person_who_holds_a_one_time_password_opens_nothing(api, reference) -> None:
    person = PersonFactory(role=Role.SUPERVISOR)
    token = sign_in(api, username=person.username).json()["token"]
    person.must_change_password = True
    person.save()
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api.get(TEAMS).json()["code"] == "password_change_due"


def test_teams_are_those_in_scope(api, reference) -> None:
    company = TeamFactory(name="公司", kind="company")
    team = TeamFactory(name="一组", parent=company)
    TeamFactory(name="别家")
    api.force_authenticate(PersonFactory(role=Role.SUPERVISOR, scope=company))
    answer = api.get(TEAMS).json()
    assert answer["count"] == 2
    assert {"id": team.pk, "name": "一组", "kind": "team", "parent": company.pk} in answer["results"]
    assert [found["id"] for found in api.get(TEAMS, {"parent": company.pk}).json()["results"]] == [team.pk]
    assert [found["id"] for found in api.get(TEAMS, {"search": "公"}).json()["results"]] == [company.pk]
    assert api.get(f"{TEAMS}{TeamFactory().pk}/").status_code == 404
    api.force_authenticate(PersonFactory(role=Role.AGENT))
    assert api.get(TEAMS).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(count: int, api, reference, django_assert_num_queries) -> None:
    company = TeamFactory()
    for _ in range(count - 1):
        TeamFactory(parent=company)
    person = PersonFactory(role=Role.SUPERVISOR, scope=company)
    api.force_authenticate(person)
    with django_assert_num_queries(4):
        assert len(api.get(TEAMS).json()["results"]) == count
