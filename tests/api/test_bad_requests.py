"""Issue 9, "Bad input", for every operation of the schema: no meaning, other types, too much, too often, too late."""

import json
from itertools import cycle, islice
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from cardfleet.accounts.services.access import deactivate, issue_token
from cardfleet.journal.models import Entry
from cardfleet.kernel.management.commands.check_schema import SCHEMA
from tests.api.operations import OWN, Operation, write_operations
from tests.api_routes import API
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.test_permissions import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
JSON = "application/json"
WRITES = write_operations()
# Those that read a body of JSON.
READING = [one for one in WRITES if JSON in one.spec.get("requestBody", {}).get("content", {})]
MEANINGLESS = {
    b'{"a": "\xff"}': "not_utf8",
    b'{"a": 1, "a": 2}': "duplicate_key",
    b'{"a": ': "not_json",
    b'{"a": NaN}': "not_json",
    b'{"a": 1e999}': "number_too_large",
    b'{"a": "\\u0000"}': "bad_character",
    b'{"a": "\\ud800"}': "bad_character",
    b"[" * 100_000: "too_deep",
}
READING = [one for one in READING if str(one) not in OWN]
# Calls are refused one by one, and the answer says why.
BY_ROW = {"POST /api/v1/usage/"}
OTHER_TYPES = (None, [], {}, [[]], True, "", "x" * 5000, -1, 10**30, 0.5, "💥", [{"a": 1}], "2026-02-30")
SCHEMAS = json.loads((settings.BASE_DIR / SCHEMA).read_text())["components"]["schemas"]
NO_PLAIN_TEXT = {"format", "enum", "readOnly", "pattern"}
FIFTY_MB = 50 * 2**20


@pytest.fixture
def api() -> APIClient:
    """Somebody with every right and all of the company in sight."""
    client = APIClient(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_authenticate(PersonFactory(is_superuser=True))
    return client


def send(api: APIClient, one: Operation, things: dict[str, Any], body: bytes, **more: Any) -> Any:
    """Send an operation a body as it is."""
    return api.generic(one.method.upper(), one.address(things), body, content_type=JSON, **more)


def details(answer: Any) -> Any:
    """Return the details of an error in the one shape; KeyError for another."""
    assert answer["Content-Type"] == JSON, answer.status_code
    told = answer.json()
    assert told.keys() == {"code", "message", "details"}
    return told["details"]


def fields_of(one: Operation) -> list[str]:
    """Return the names of what an operation takes, by its example."""
    example = one.spec["requestBody"]["content"][JSON].get("example")
    return sorted(example) if isinstance(example, dict) else []


def texts_of(one: Operation) -> set[str]:
    """Return the names of what an operation takes as text of any kind, by its schema."""
    name = one.spec["requestBody"]["content"][JSON]["schema"].get("$ref", "/").rpartition("/")[2]
    fields = SCHEMAS.get(name, {}).get("properties", {})
    return {name for name, told in fields.items() if told.get("type") == "string" and not told.keys() & NO_PLAIN_TEXT}


def test_no_write_reads_a_body_of_no_one_meaning(api, things) -> None:
    """Bytes that are no UTF-8, names given twice, no JSON, numbers and characters nobody stores, a thousand levels."""
    before, wrong = Entry.objects.count(), []
    for one in READING:
        for body, code in MEANINGLESS.items():
            answer = send(api, one, things, body)
            told = [answer.status_code, *(each["code"] for each in details(answer))]
            wrong += [] if told == [400, code] else [(str(one), body[:20], told)]
    assert wrong == []
    assert Entry.objects.count() == before


def test_no_write_takes_another_kind_of_body(api, things) -> None:
    """A list, a text, a number, nothing, a field nobody knows: 400 that names the place; a form: 415."""
    before, wrong = Entry.objects.count(), []
    for one in READING:
        for body in ("[]", '"x"', "1", "null", '{"no_such_field": 1}'):
            if str(one) in BY_ROW and body.startswith("{"):
                continue
            answer = send(api, one, things, body.encode())
            wrong += [] if answer.status_code == 400 else [(str(one), body, answer.status_code)]
    assert wrong == []
    assert Entry.objects.count() == before


def test_values_of_other_types_never_are_a_defect(api, things) -> None:
    """Each field with three things it is not, in turns: an answer that the schema tells of, in the one shape."""
    wrong, others = [], cycle(OTHER_TYPES)
    for one in READING:
        for name in fields_of(one):
            for value in islice(others, 3):
                answer = send(api, one, things, json.dumps({name: value}).encode())
                told = str(answer.status_code) in one.spec["responses"]
                wrong += (
                    []
                    if told and (answer.status_code < 400 or details(answer) is not None)
                    else [(str(one), name, value, answer.status_code)]
                )
    assert wrong == []


def test_no_number_is_taken_as_a_text(api, things) -> None:
    """007 would be kept as 7, without a word."""
    asked, wrong = 0, []
    for one in READING:
        if texts := texts_of(one):
            answer = send(api, one, things, json.dumps(dict.fromkeys(texts, 7)).encode())
            told = {each["field"] for each in details(answer)} if answer.status_code == 400 else set()
            asked += len(texts)
            wrong += [(str(one), answer.status_code, texts - told)] if texts - told else []
    assert asked > 100
    assert wrong == []


def test_what_an_action_on_many_cards_asks_is_refused_where_it_is_no_text(api, things) -> None:
    for value in OTHER_TYPES:
        body = {"action": "plan", "ids": [things["card"]], "params": {"plan": things["plan"], "since": value}}
        answer = api.post("/api/v1/cards/bulk/", body)
        if value not in (None, [], ""):
            assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "since"), value


def test_a_body_of_fifty_megabytes_is_refused_before_it_is_read(api, things) -> None:
    """No byte of it is there: only its length is told."""
    for one in READING:
        answer = send(api, one, things, b"{}", CONTENT_LENGTH=str(FIFTY_MB))
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), one


def test_a_token_of_somebody_who_left_opens_nothing(things) -> None:
    """No list, no thing and no write, and each says how one signs in."""
    person = PersonFactory(is_superuser=True)
    api = APIClient(headers={"Authorization": f"Token {issue_token(person=person, now=FRIDAY)[0]}"})
    deactivate(person=person, actor=None, now=FRIDAY)
    before = Entry.objects.count()
    # Each from an address of its own: wrong tokens are limited by address.
    for number, (name, (needs, marks)) in enumerate(API.items()):
        if not marks.startswith("post "):
            answer = api.get(address(name, needs, things), REMOTE_ADDR=f"10.0.0.{number % 250}")
            assert (answer.status_code, answer["WWW-Authenticate"][:5]) == (401, "Token"), name
    for number, one in enumerate(WRITES):
        if "401" in one.spec["responses"] and one.path != "/api/v1/auth/token/":
            assert send(api, one, things, b"{}", REMOTE_ADDR=f"10.0.1.{number % 250}").status_code == 401, one
    assert Entry.objects.count() == before


def test_every_answer_tells_what_is_left_of_the_rate(settings, now, things) -> None:
    """The good, the known, the bad, the missing, the stale and that of whom asked too often."""
    settings.API_REQUESTS_A_MINUTE = 1000
    token, _expiry = issue_token(person=PersonFactory(is_superuser=True), now=now)
    api, card = APIClient(headers={"Authorization": f"Token {token}"}), f"/api/v1/cards/{things['card']}/"
    answers = [
        first := api.get(card),
        api.get(card, headers={"If-None-Match": first["ETag"]}),
        api.get("/api/v1/cards/", {"colour": "red"}),
        api.get("/api/v1/cards/999999999/"),
        api.delete(card),
        api.post(f"{card}tags/", {}, headers={"If-Match": '"x"'}),
        api.post(f"{card}issue/", {"agent": things["agent"]}),
    ]
    assert [answer.status_code for answer in answers] == [200, 304, 400, 404, 405, 412, 409]
    settings.API_REQUESTS_A_MINUTE = 1
    answers.append(late := api.get(card))
    assert late.status_code == 429
    assert 1 <= int(late["Retry-After"]) <= 60
    for answer in answers:
        assert answer["RateLimit-Policy"].endswith(";w=60")
        assert answer["RateLimit"].startswith('"minute";r=')
