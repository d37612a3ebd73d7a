"""What every resource of the API has in common: each list of tests.api_routes is held to it, and a new one too."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.journal.models import Entry
from tests.api.listed import ONE_MORE, OTHERWISE, TOLD_ELSEWHERE
from tests.api_routes import API
from tests.factories.accounts import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LISTS = sorted(
    name
    for name, (needs, marks) in API.items()
    if name.endswith("-list") and not needs and not marks.startswith("post")
)
PAGED = sorted(set(LISTS) - OTHERWISE.keys())


@pytest.fixture
def api() -> APIClient:
    """Somebody with every right and all of the company in sight."""
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(PersonFactory(is_superuser=True))
    return client


def test_every_list_has_a_line() -> None:
    """A new resource says how one thing more of it is made, or why it is told elsewhere."""
    assert sorted([*ONE_MORE, *TOLD_ELSEWHERE, *OTHERWISE]) == LISTS


@pytest.mark.parametrize("name", PAGED)
def test_a_list_refuses_what_it_does_not_know_in_one_shape(name: str, api) -> None:
    """An unknown filter, a page of none and of too many, a made-up cursor; the code stays in every language."""
    for query in ({"colour": "red"}, {"page_size": 0}, {"page_size": 501}, {"page_size": "many"}, {"cursor": "x.x"}):
        english = api.get(reverse(name), query)
        chinese = api.get(reverse(name), query, headers={"accept-language": "zh-Hans"})
        assert english.status_code == chinese.status_code == 400, query
        assert english.json().keys() == {"code", "message", "details"}
        assert [one["field"] for one in english.json()["details"]] == list(query)
        assert english.json()["code"] == chinese.json()["code"] == "bad_input"
        assert english.json()["message"] != chinese.json()["message"]


@pytest.mark.usefixtures("reference", "things")
@pytest.mark.parametrize("name", PAGED)
def test_a_list_has_one_shape(name: str, api) -> None:
    """Results and links, and a count where it is cheap."""
    page = api.get(reverse(name))
    assert page.status_code == 200
    assert {"results", "next", "previous"} <= page.json().keys() <= {"results", "next", "previous", "count"}
    assert page["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", sorted(ONE_MORE))
def test_a_list_is_walked_without_a_gap_or_a_double(name: str, api) -> None:
    """By cursor to the end, in the order that one large page has, also where moments are the same."""
    for _each in range(3):
        ONE_MORE[name]()
    whole = api.get(reverse(name), {"page_size": 500}).json()["results"]
    walked, link = [], f"{reverse(name)}?page_size=2"
    while link:
        page = api.get(link).json()
        walked += page["results"]
        link = page["next"]
    assert len(walked) >= 3
    assert [told(one) for one in walked] == [told(one) for one in whole]
    assert len({str(told(one)) for one in walked}) == len(walked)


@pytest.mark.parametrize("name", sorted(ONE_MORE))
def test_a_list_asks_as_often_for_three_as_for_one(name: str, api) -> None:
    """A fixed number of statements."""
    for _each in range(3):
        ONE_MORE[name]()
    api.get(reverse(name), {"page_size": 3})
    counts = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            assert len(api.get(reverse(name), {"page_size": size}).json()["results"]) == size
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("name", [name for name in sorted(ONE_MORE) if name.replace("-list", "-detail") in API])
def test_one_of_a_list_is_told_as_in_the_list(name: str, api) -> None:
    """The same id and the same fields, with the same values; it may tell more."""
    ONE_MORE[name]()
    listed = api.get(reverse(name)).json()["results"][0]
    alone = api.get(reverse(name.replace("-list", "-detail"), args=[told(listed)]))
    assert alone.status_code == 200
    assert {field: alone.json().get(field, "missing") for field in listed} == listed


def told(one: dict[str, Any]) -> Any:
    """Return what names a thing: its id, else what it is about."""
    return next(one[name] for name in ("id", "agent", "card") if name in one)


# A deed with a thing, and what is sent; what makes things is held to the same in test_writes.
DEEDS: dict[str, dict[str, Any]] = {
    "api:alert-acknowledge": {},
    "api:card-tags": {"add": ["Key account"]},
    "api:card-transitions": {"to": "full_stop", "reason": "arrears"},
    "api:alert-deeds": {"deed": "comment", "text": "Rung up"},
}


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_deed_that_comes_twice_is_done_once(name: str, api, things) -> None:
    """The same key and body: the same answer, and one entry in the journal; another body: 422, and nothing done."""
    needs = API[name][0].split()
    path, body = reverse(name, args=[things[word] for word in needs]), DEEDS[name]
    first = api.post(path, body, headers={"idempotency-key": "k-1"})
    done = Entry.objects.count()
    again = api.post(path, body, headers={"idempotency-key": "k-1"})
    other = api.post(path, {**body, "note": "another"}, headers={"idempotency-key": "k-1"})
    assert first.status_code == 200, first.json()
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Entry.objects.count() == done
