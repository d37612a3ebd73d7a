"""Signing in by number or name, limits on guessing, and what comes before anything else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import authenticate
from django.db import connection

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import deactivate
from cardfleet.journal.models import Entry
from tests.factories.accounts import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.mark.parametrize("typed", ["A017", "a017", "zhang", "ZHANG", "张三", " 张三 ", "Ａ０１７"])
def test_number_user_name_or_name_sign_in(typed: str) -> None:
    person = PersonFactory(username="Zhang", staff_no="a017", name="张三")
    assert authenticate(None, username=typed, password=PASSWORD) == person
    assert authenticate(None, username=typed, password="wrong") is None


def test_a_shared_name_needs_the_number() -> None:
    first, _second = PersonFactory(name="张三", staff_no="A1"), PersonFactory(name="张三", staff_no="A2")
    assert authenticate(None, username="张三", password=PASSWORD) is None
    assert authenticate(None, username="a1", password=PASSWORD) == first


def test_a_number_wins_over_a_name() -> None:
    PersonFactory(name="A1", staff_no="B1")
    numbered = PersonFactory(name="x", staff_no="A1")
    assert authenticate(None, username="A1", password=PASSWORD) == numbered


def test_leavers_never_sign_in_nor_make_a_name_ambiguous() -> None:
    PersonFactory(name="张三", is_active=False)
    still_here = PersonFactory(name="张三")
    assert authenticate(None, username="张三", password=PASSWORD) == still_here


@pytest.mark.parametrize(("username", "password"), [("", PASSWORD), ("nobody", PASSWORD), ("张三", "")])
def test_nobody_signs_in_with_less(username: str, password: str) -> None:
    PersonFactory(name="张三")
    assert authenticate(None, username=username, password=password) is None


def test_the_page_signs_in_and_the_journal_says_so(client) -> None:
    person = PersonFactory(staff_no="A017")
    answer = client.post(LOGIN, {"login": "a017", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Entry.objects.get().action == "accounts.signed_in"
    assert client.session["_auth_user_id"] == str(person.pk)


def test_nobody_signs_up(client) -> None:
    answer = client.post("/account/signup/", {"username": "x", "password1": PASSWORD})
    assert answer.status_code == 200
    assert not Entry.objects.exists()


LOCKED = "失败次数过多。请五分钟后再试，或联系主管。"


@pytest.mark.parametrize("name", ["A017", "L1", "nobody"])
def test_the_sixth_try_is_refused_and_does_not_tell_whether_there_is_such_a_person(client, name: str) -> None:
    """The same is said of a person, of a leaver and of a name that nobody has; the right password waits as well."""
    PersonFactory(staff_no="A017")
    PersonFactory(staff_no="L1", is_active=False)
    tries = [client.post(LOGIN, {"login": name, "password": "wrong"}) for _ in range(5)]
    tries.append(client.post(LOGIN, {"login": name, "password": PASSWORD}))
    assert [answer.status_code for answer in tries] == [200] * 6
    assert [LOCKED in answer.text for answer in tries] == [False] * 5 + [True]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("spelled", ["a017", "Ａ０１７", " A017 ", "zhang", "张三"])
def test_another_spelling_gives_no_further_tries(client, spelled: str) -> None:
    PersonFactory(username="Zhang", staff_no="A017", name="张三")
    for _ in range(5):
        client.post(LOGIN, {"login": "A017", "password": "wrong"})
    assert LOCKED in client.post(LOGIN, {"login": spelled, "password": PASSWORD}).text


def test_the_lock_ends_after_five_minutes(client, time_machine) -> None:
    PersonFactory(staff_no="A017")
    time_machine.move_to("2026-11-20T10:00:00+08:00", tick=False)
    for _ in range(6):
        client.post(LOGIN, {"login": "A017", "password": "wrong"})
    time_machine.move_to("2026-11-20T10:05:01+08:00", tick=False)
    assert client.post(LOGIN, {"login": "A017", "password": PASSWORD}).status_code == 302


def test_one_address_tries_no_endless_number_of_names(client) -> None:
    answers = [client.post(LOGIN, {"login": f"name{number}", "password": "wrong"}) for number in range(11)]
    assert [LOCKED in answer.text for answer in answers] == [False] * 10 + [True]
    for number in range(20):
        answer = client.post(LOGIN, {"login": f"further{number}", "password": "wrong"})
    assert answer.status_code == 429
    assert "尝试次数" in answer.text


def test_a_one_time_password_leads_to_its_change_and_nowhere_else(client) -> None:
    person = PersonFactory(must_change_password=True)
    client.force_login(person)
    change = "/account/password/change/"
    assert client.get("/")["Location"] == change
    assert client.get("/account/2fa/")["Location"] == change
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == change
    assert client.get("/api/v1/schema/").json()["code"] == "password_change_due"
    assert client.get(change).status_code == 200
    new = "an-other-long-one"
    client.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    person.refresh_from_db()
    assert not person.must_change_password
    assert person.check_password(new)
    assert not client.get(LOGIN).wsgi_request.user.is_authenticated, "a new password ends the session"
    assert Entry.objects.first().action == "accounts.password_changed"


def test_an_expired_session_sends_the_whole_page_to_sign_in(client) -> None:
    """A part that htmx asked for must not have the sign-in page swapped into it."""
    person = PersonFactory()
    client.force_login(person)
    deactivate(person=person, actor=None, now=person.date_joined)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/cards/?state=active"}
    answer = client.get("/account/password/change/", headers=headers)
    assert answer["HX-Redirect"] == "/account/login/?next=%2Fcards%2F%3Fstate%3Dactive"
    assert dict(client.session) == {}


@pytest.fixture
def obliged(reference, settings):
    settings.MFA_ROLES = ["finance"]
    return PersonFactory(role=Role.FINANCE)


def test_a_role_that_needs_a_second_factor_sets_it_up_first(client, obliged) -> None:
    client.force_login(obliged)
    assert client.get("/")["Location"] == "/account/2fa/totp/activate/"
    assert client.get("/api/v1/schema/").json()["code"] == "second_factor_due"
    TOTP.activate(obliged, generate_totp_secret())
    assert client.get("/").status_code != 302
    client.force_login(PersonFactory(role=Role.SUPERVISOR))
    assert client.get("/").status_code != 302


def test_administrators_include_superusers(client, settings) -> None:
    settings.MFA_ROLES = ["admin"]
    client.force_login(PersonFactory(is_superuser=True))
    assert client.get("/")["Location"] == "/account/2fa/totp/activate/"


def test_second_factors_are_sealed_and_stay(obliged) -> None:
    secret = generate_totp_secret()
    TOTP.activate(obliged, secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]
    assert Authenticator.objects.get().wrap().instance.user == obliged


def test_language_is_the_persons_then_the_browsers_then_chinese(client) -> None:
    assert client.get(LOGIN, headers={"Accept-Language": "en"})["Content-Language"] == "zh-hans"
    client.cookies["django_language"] = "en"
    assert client.get(LOGIN)["Content-Language"] == "en"
    client.force_login(PersonFactory(language="zh-hans"))
    assert client.get("/account/password/change/")["Content-Language"] == "zh-hans"


def test_the_whole_way_to_a_second_factor(client, obliged) -> None:
    """Signed in by password alone: set up, recovery codes, and from then on the code is asked for."""
    client.post(LOGIN, {"login": obliged.staff_no, "password": PASSWORD})
    activate = "/account/2fa/totp/activate/"
    assert client.get("/", follow=True).redirect_chain[0][0] == activate
    page = client.get(activate, follow=True)
    if page.redirect_chain:
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(activate, {"code": code}).status_code == 302
    assert client.get("/account/2fa/recovery-codes/", follow=True).status_code == 200
    client.logout()
    assert client.post(LOGIN, {"login": obliged.staff_no, "password": PASSWORD})["Location"].startswith("/account/2fa/")
    assert client.get("/")["Location"].startswith(LOGIN)
