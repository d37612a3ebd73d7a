"""Bodies no resource of the API takes: each is refused in the one shape, naming what is wrong, and nothing is done."""

from typing import Any

import pytest
from django.test import Client
from rest_framework import serializers as plain
from rest_framework.test import APIClient

from cardfleet.accounts.services.access import issue_token
from cardfleet.journal.models import Entry
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.middleware import LARGEST_BODY
from cardfleet.kernel.api.parsers import meaning
from cardfleet.kernel.errors import BadInput
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

API = "/api/v1/"
RESOURCES = ("absences/", "notes/", "cards/{card}/tags/", "alerts/{alert}/deeds/", "cards/bulk/", "number-reviews/")


@pytest.fixture
def person():
    return PersonFactory(is_superuser=True)


@pytest.fixture
def api(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture(params=RESOURCES)
def address(request) -> str:
    made = {"card": CardFactory, "alert": AlertFactory}
    return API + request.param.format_map({name: make().pk for name, make in made.items() if name in request.param})


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ('{"colour": "red"}', "unknown_field", "colour"),
        ('{"x": 1, "x": 2}', "duplicate_key", "x"),
        ('{"x": [{"y": 1, "z": 2, "z": 1}]}', "duplicate_key", "z"),
        ('{"x": "a\\u0000b"}', "bad_character", None),
        ('{"x": ["\\ud800"]}', "bad_character", None),
        ('{"\\udc00": 1}', "bad_character", None),
        ('{"x": 1e400}', "number_too_large", None),
        ('{"x": -1e400}', "number_too_large", None),
        ('{"x": NaN}', "not_json", None),
        ('{"x": Infinity}', "not_json", None),
        ('{"x": ' + "9" * 5000 + "}", "not_json", None),
        ('{"x": ' + "[" * 100_000 + "}", "too_deep", None),
        ("{", "not_json", None),
        (b'{"x": "\xff"}', "not_utf8", None),
        ("[]", "invalid", None),
        ('"text"', "invalid", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_has_no_single_meaning_is_refused(api, address, body, code, field) -> None:
    before = Entry.objects.count()
    response = api.generic("POST", address, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "bad_input")
    named = {(detail["code"], detail.get("field")) for detail in response.json()["details"]}
    assert (code, field) in named
    assert Entry.objects.count() == before


def test_an_unknown_field_is_named_beside_all_other_faults(api) -> None:
    card = CardFactory()
    answer = api.post(f"{API}notes/", {"card": card.pk, "txet": "x"}).json()
    assert {(detail["field"], detail["code"]) for detail in answer["details"]} == {
        ("text", "required"),
        ("txet", "unknown_field"),
    }
    assert "card, text" in next(detail["message"] for detail in answer["details"] if detail["field"] == "txet")


def test_what_is_only_read_may_be_sent_back_as_it_came(api) -> None:
    made = api.post(f"{API}number-reviews/", {"industry": "finance", "every_days": 30}).json()
    sent = api.patch(f"{API}number-reviews/{made['id']}/", made | {"every_days": 40})
    assert (sent.status_code, sent.json()) == (200, made | {"every_days": 40})


@pytest.mark.parametrize(
    "value", [None, True, 10**30, -1, 1.5, "x", "²", "", [], {}, [[]], "1" * 400], ids=lambda value: repr(value)[:20]
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("notes/", {"card": ..., "text": "x"}),
        ("absences/", {"agent": ..., "starts_on": "2026-11-20"}),
        ("cards/{card}/issue/", {"agent": ...}),
        ("alerts/bulk/", {"deed": "acknowledge", "ids": [...]}),
        ("cards/bulk/", {"action": "mark", "ids": [...]}),
        ("evidence-packs/", {"card": ..., "reason": "x"}),
        ("usage/bundles/", {"card": ..., "month": "2026-11-01"}),
    ],
)
def test_what_is_no_id_is_bad_input_where_an_id_is_due(api, path, body, value) -> None:
    def filled(part: Any) -> Any:
        if isinstance(part, list):
            return [filled(one) for one in part]
        return value if part is ... else part

    given = {name: filled(part) for name, part in body.items()}
    response = api.post(API + path.format(card=CardFactory().pk), given)
    assert response.status_code == 400, response.content


@pytest.mark.parametrize("length", [LARGEST_BODY + 1, 50 * 2**20, "9" * 40])
def test_a_body_of_fifty_megabytes_is_not_read(address, person, length, settings) -> None:
    class Unread:
        def read(self, *_size) -> bytes:
            raise AssertionError("a byte was read")

        readline = read

    token, _expiry = issue_token(person=person, now=FRIDAY)
    client = Client(headers={"Authorization": f"Token {token}", "Accept-Language": "en"})
    request = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": "application/json", "wsgi.input": Unread()}
    response = client.post(address, **request)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response.json()["message"].startswith("More was sent")


def test_files_may_be_larger_but_not_without_bounds(client, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    answer = client.post(
        f"{API}usage/imports/", CONTENT_LENGTH=str(2**20 + 11), CONTENT_TYPE="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413


def test_more_parameters_than_are_read_are_bad_input(api) -> None:
    answer = api.get(f"{API}cards/?" + "&".join(f"tag={number}" for number in range(2000)))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize(
    "query",
    ["holder__agent__user__password=x", "id__in=1,2", "tag=%00", "search=%00", "carrier=%ff", "carrier=" + "9" * 30],
)
@pytest.mark.parametrize("path", ["cards/", "absences/", "alerts/", "contracts/", "agents/", "devices/"])
def test_a_filter_that_reaches_deeper_or_cannot_be_read_is_bad_input(api, path, query) -> None:
    assert api.get(f"{API}{path}?{query}").status_code == 400


@pytest.mark.parametrize("key", ["9" * 30, "x", "%00", "-1", "1.0", "%ff", "²"])
@pytest.mark.parametrize("path", ["cards/", "agents/", "alerts/", "cases/", "contracts/", "jobs/", "teams/"])
def test_what_is_no_id_in_an_address_is_not_there(api, path, key) -> None:
    assert api.get(f"{API}{path}{key}/").status_code == 404


def test_every_serializer_of_the_api_is_strict() -> None:
    def below(kind: type) -> set[type]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    ours = [
        kind
        for kind in below(plain.Serializer)
        if ".api" in kind.__module__ and "rest_framework" not in kind.__module__
    ]
    assert len(ours) > 100
    assert [kind for kind in ours if not issubclass(kind, serializers.Serializer)] == []


def test_json_that_is_fine_is_read_as_it_is() -> None:
    text = '{"a": [1, 1.5, null, true, "\\u4e2d\\ud83d\\ude00", "\\\\u0000"], "b": {"a": 1}}'
    assert meaning(text) == {"a": [1, 1.5, None, True, "中😀", "\\u0000"], "b": {"a": 1}}
    with pytest.raises(BadInput):
        meaning("")
