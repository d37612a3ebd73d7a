"""Lists of the API as asked: counted or not, in another order, and every row once whatever orders them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cardfleet.api import router
from cardfleet.jobs.models import Job, JobRow
from cardfleet.kernel.api.ordering import orderings
from cards.models import Card
from lifecycle.api.cards import CardViewSet
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

CARDS, JOBS = "/api/v1/cards/", "/api/v1/jobs/"


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(PersonFactory(is_superuser=True))
    return client


def test_a_count_is_made_where_it_is_asked_for(api) -> None:
    CardFactory.create_batch(3)
    assert "count" not in api.get(CARDS).json()
    assert api.get(CARDS, {"count": "exact", "page_size": 1}).json()["count"] == 3
    with CaptureQueriesContext(connection) as queries:
        assert isinstance(api.get(CARDS, {"count": "estimated"}).json()["count"], int)
    assert not any("COUNT(*)" in query["sql"] for query in queries)
    assert any(query["sql"].startswith("EXPLAIN") for query in queries)


@pytest.mark.parametrize(
    "query", ["count=roughly", "count=", "ordering=msisdn", "ordering=", "ordering=--id", "ordering=holder__email"]
)
def test_other_counts_and_orders_are_refused(api, query) -> None:
    answer = api.get(f"{CARDS}?{query}")
    assert answer.status_code == 400
    assert [detail["field"] for detail in answer.json()["details"]] == [query.partition("=")[0]]


def test_a_list_is_ordered_as_asked_to_its_end(api, now) -> None:
    wanted = sorted(Job.objects.create(kind="x", created_at=now).pk for _each in range(5))
    for sign, expected in (("", wanted), ("-", wanted[::-1])):
        seen, link = [], f"{JOBS}?page_size=2&ordering={sign}id"
        while link:
            page = api.get(link).json()
            seen += [job["id"] for job in page["results"]]
            link = page["next"]
        assert seen == expected


@pytest.mark.parametrize(
    ("prefix", "view"),
    [
        (prefix, view)
        for prefix, view, _name in router.registry
        if hasattr(view, "list") and getattr(view, "pagination_class", None)
    ],
)
def test_each_order_that_a_list_offers_is_one(api, prefix, view) -> None:
    for name in orderings(view):
        assert [api.get(f"/api/v1/{prefix}/?ordering={sign}{name}").status_code for sign in ("", "-")] == [200, 200]


def test_what_is_alike_is_told_apart_by_its_id(api) -> None:
    wanted = [card.pk for card in CardFactory.create_batch(5)]
    Card.objects.update(service_since=FRIDAY)
    for sign, expected in (("", wanted), ("-", wanted[::-1])):
        seen, link = [], f"{CARDS}?page_size=2&ordering={sign}service_since"
        while link:
            page = api.get(link).json()
            seen += [card["id"] for card in page["results"]]
            link = page["next"]
        assert seen == expected


def test_no_number_of_anybody_is_in_a_cursor() -> None:
    assert {"id", "service_since"} <= set(orderings(CardViewSet))
    assert not {"iccid", "msisdn"} & set(orderings(CardViewSet))


def test_pages_hold_every_row_once_where_thousands_are_alike(api, now) -> None:
    job = Job.objects.create(kind="x", created_at=now)
    JobRow.objects.bulk_create(JobRow(job=job, line=1, ok=True, label=str(number)) for number in range(1700))
    seen, link = [], f"{JOBS}{job.pk}/rows/?page_size=500"
    while link and len(seen) < 3000:
        page = api.get(link).json()
        seen += [int(row["label"]) for row in page["results"]]
        link = page["next"]
    assert seen == list(range(1700))
