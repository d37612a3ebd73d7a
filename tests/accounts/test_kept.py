"""Session lost in the middle of a form: the input comes back, to its author alone, and nothing of it leaks."""

import json
import re

import pytest
from django.test import Client

from cardfleet.accounts.choices import Role
from cardfleet.accounts.kept import COOKIE, KEPT
from tests.factories.accounts import PASSWORD, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LOGIN, PAGE = "/account/login/", "/agents/new/"
TYPED = {"staff_no": "A900", "name": "王芳😀", "password": "hunter22222", "pin1": "1234", "otp": "123456"}


@pytest.fixture
def author(client):
    """A supervisor who has the form open when the session ends."""
    person = PersonFactory(role=Role.SUPERVISOR, staff_no="S001")
    client.force_login(person)
    assert client.get(PAGE).status_code == 200
    del client.cookies["sessionid"]
    return person


def given_back(page) -> dict | None:
    """Return what a page gives back of what was typed."""
    found = re.search(r'id="kept-input" type="application/json">(.*?)</script>', page.text)
    return json.loads(found[1]) if found else None


def send(client: Client, **headers: str):
    """Send the form from its page."""
    return client.post(PAGE, TYPED, headers={"Referer": f"http://testserver{PAGE}"} | headers)


def sign_in(client: Client, person, target: str):
    """Sign in where the answer led, and follow to the page."""
    answer = client.post(target, {"login": person.staff_no, "password": PASSWORD, "next": PAGE})
    return client.get(answer["Location"])


def test_what_was_typed_comes_back_once_after_the_sign_in(client, author) -> None:
    answer = send(client)
    assert answer["Location"] == "/account/login/?next=%2Fagents%2Fnew%2F"
    kept = client.session[KEPT]
    assert "A900" not in kept + str(client.cookies)
    page = sign_in(client, author, answer["Location"])
    assert given_back(page) == {"path": PAGE, "fields": {"staff_no": ["A900"], "name": ["王芳😀"]}}
    assert given_back(client.get(PAGE)) is None
    assert KEPT not in client.session


def test_htmx_goes_to_the_sign_in_whole_and_keeps_the_input_too(client, author) -> None:
    answer = send(client, **{"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}?team=1"})
    assert answer["HX-Redirect"] == "/account/login/?next=%2Fagents%2Fnew%2F%3Fteam%3D1"
    assert KEPT in client.session


def test_somebody_else_at_the_same_desk_does_not_get_it(client, author) -> None:
    answer = send(client)
    other = PersonFactory(role=Role.SUPERVISOR, staff_no="S002")
    assert given_back(sign_in(client, other, answer["Location"])) is None
    assert KEPT not in client.session


def test_nothing_is_kept_for_a_stranger_or_from_elsewhere(client, author) -> None:
    send(client, Referer="https://elsewhere.example/agents/new/")
    assert KEPT not in client.session
    del client.cookies[COOKIE]
    send(client)
    assert KEPT not in client.session


def test_a_form_older_than_the_present_session_comes_back_with_a_new_token() -> None:
    """Signed in anew in another tab, the token of this one is old: no dead end, no lost input."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(PersonFactory(role=Role.SUPERVISOR))
    client.get(PAGE)
    answer = send(client)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert given_back(client.get(PAGE))["fields"]["staff_no"] == ["A900"]
    assert send(client, Referer="https://elsewhere.example/").status_code == 403
