"""The API speaks the caller's language, and tells moments with their offset."""

import re

import pytest
from rest_framework.test import APIClient

from tests.factories.accounts import PersonFactory
from tests.factories.agents import AbsenceFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import AlertFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(PersonFactory(is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("factory", "path", "name"),
    [
        (CardFactory, "cards", "service_since"),
        (AlertFactory, "alerts", "opened_at"),
        (AbsenceFactory, "absences", "recorded_at"),
    ],
)
def test_a_moment_has_its_offset(api, factory, path, name) -> None:
    thing = factory()
    one = api.get(f"/api/v1/{path}/{thing.pk}/").json()
    (row,) = api.get(f"/api/v1/{path}/").json()["results"]
    assert MOMENT.fullmatch(one[name])
    assert row[name] == one[name]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There is nothing here"), ("zh-Hans", "这里没有内容"), ("fr, zh-CN;q=0.5", "这里没有内容")],
)
@pytest.mark.parametrize("path", ["cards/999999/", "alerts/999999/", "no/such/resource/"])
def test_an_error_is_in_the_callers_language(api, path, language, words) -> None:
    answer = api.get(f"/api/v1/{path}", headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["message"].startswith(words)
