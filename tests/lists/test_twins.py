"""A list of the API is its page: the same filters, orders and rows, asked for in the same words."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.api import router
from cardfleet.kernel.filtersets import LARGEST_ID, MOST_VALUES, NOT, Ids
from cardfleet.lists.asking import Asker
from cardfleet.lists.registry import Listing, listings
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.lists.asked import values_of
from tests.lists.twins import SOME, WHOLE

pytestmark = pytest.mark.usefixtures("reference")
VIEWS = {
    view.listing.code: (f"/api/v1/{prefix}/", view)
    for prefix, view, _name in router.registry
    if hasattr(view, "listing")
}
# Lists of pages alone, and why.
ALONE = {
    "costs": "a report, reckoned: /api/v1/reports/costs/",
}
# What names a row where it is no id.
NAMES = {"balance_gaps": "account", "best-plans": "card", "usage": "uid"}
CODES = sorted(SOME)


@pytest.fixture
def person(db: None, time_machine) -> Any:
    """Somebody with every right and all of the company in sight."""
    time_machine.move_to(FRIDAY, tick=False)
    return PersonFactory(is_superuser=True)


@pytest.fixture
def api(person) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(person)
    return client


@pytest.fixture
def page(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(api: APIClient, code: str, query: dict[str, Any]) -> list[Any]:
    """Return what the API names, page by page, in its order."""
    found, link, given = [], VIEWS[code][0], {"page_size": 2, **query}
    while link:
        answer = api.get(link, given)
        assert answer.status_code == 200, (query, answer.json())
        found += [str(row[NAMES.get(code, "id")]) for row in answer.json()["results"]]
        link, given = answer.json()["next"], {}
    return found


def shown(page: Client, listing: Listing, query: dict[str, Any]) -> list[Any]:
    """Return what the page lists, in its order."""
    answer = page.get(reverse(listing.url_name), query)
    assert answer.status_code == 200, (query, answer.context["asked"].faults)
    name = {"id": "pk"}.get(NAMES.get(listing.code, "id"), NAMES.get(listing.code))
    return [str(pk) for pk in answer.context["asked"].ordered(FRIDAY).values_list(name, flat=True)]


def test_every_list_with_a_page_is_in_the_api_or_says_why_not(person) -> None:
    """R12, R64: a new list has its twin, and rows for it here."""
    assert {one.code for one in listings(person)} == {*VIEWS, *ALONE}
    assert VIEWS.keys() == SOME.keys()


@pytest.mark.parametrize("code", CODES)
def test_each_filter_finds_on_the_page_what_it_finds_in_the_api(code: str, api, page, person) -> None:
    """R12, R64: the same names, from one definition, and for every value the same rows; some of them not all rows."""
    view = VIEWS[code][1]
    SOME[code]()
    filters, whole = view.filterset_class, WHOLE.get(code, dict)()
    assert filters is view.listing.filters
    bound = filters({}, queryset=view.listing.scope(person), request=Asker(person))
    everything = set(shown(page, view.listing, whole))
    assert len(everything) >= 3
    narrowed = set()
    for name, one in bound.filters.items():
        for values in values_of(one, bound.form.fields[name], bound.queryset):
            query = {**whole, name: values}
            found = shown(page, view.listing, query)
            assert sorted(told(api, code, query)) == sorted(found), query
            assert set(found) <= everything
            if set(found) not in (everything, set()):
                narrowed.add(name)
            if name.endswith(NOT) and values and name.removesuffix(NOT) not in whole:
                with_them = shown(page, view.listing, {**whole, name.removesuffix(NOT): values})
                assert set(found) == everything - set(with_them), query
    assert len(narrowed) >= len(bound.filters) // 3, sorted(bound.filters.keys() - narrowed)


@pytest.mark.parametrize("code", CODES)
def test_each_order_of_the_page_is_one_of_the_api(code: str, api, page) -> None:
    """R12: under the same name and to the end, also by text and by what may be empty; each has its reverse."""
    view = VIEWS[code][1]
    SOME[code]()
    whole = WHOLE.get(code, dict)()
    for sort in view.sorts:
        assert told(api, code, {**whole, "ordering": sort}) == shown(page, view.listing, {**whole, "sort": sort}), sort
        assert {sort.removeprefix("-"), f"-{sort.removeprefix('-')}"} <= view.sorts.keys()


def test_a_page_by_place_has_its_way_back(api) -> None:
    """Where a cursor can hold no value: forth to the end and back to the start."""
    SOME["cards"]()
    first = api.get("/api/v1/cards/", {"ordering": "holder", "page_size": 2}).json()
    second = api.get(first["next"]).json()
    assert (first["previous"], second["next"] is None) == (None, len(second["results"]) + 2 < 5)
    assert api.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("service_state=broken", "service_state", "full_stop"),
        ("service_state!=active,broken", "service_state!", "full_stop"),
        ("stopped=perhaps", "stopped", "true or false"),
        ("risk_score_min=much", "risk_score_min", "number"),
        ("expires_after=31 February", "expires_after", "date"),
        ("holder=Wang", "holder", "digits"),
        ("carrier=China Mobile", "carrier", "digits"),
        ("team!=99999999999999999999", "team!", "digits"),
        ("team__isnull=3", "team__isnull", "true or false"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_those_that_do(query: str, field: str, words: str, api, page) -> None:
    """R12: by the API and on the page alike."""
    refused = api.get(f"/api/v1/cards/?{query}")
    assert refused.status_code == 400
    (reason,) = refused.json()["details"]
    assert (reason["field"], words in reason["message"]) == (field, True), reason
    page.cookies["django_language"] = "en"
    answer = page.get(f"{reverse('lifecycle:fleet')}?{query}")
    assert (answer.status_code, [fault.field for fault in answer.context["asked"].faults]) == (400, [field])
    assert words in answer.content.decode()


@pytest.mark.parametrize("code", CODES)
def test_an_id_that_there_is_not_finds_nothing(code: str, api, page, person) -> None:
    """R12: beside one that there is it adds nothing, and left out it takes nothing away; no list says whose ids are."""
    view = VIEWS[code][1]
    SOME[code]()
    whole = WHOLE.get(code, dict)()
    everything = sorted(shown(page, view.listing, whole))
    for name, one in view.filterset_class.base_filters.items():
        if isinstance(one, Ids) and name not in whole:
            found = everything if name.endswith(NOT) else []
            query = {**whole, name: [str(LARGEST_ID)]}
            assert sorted(told(api, code, query)) == sorted(shown(page, view.listing, query)) == found, query


def test_too_deep_a_question_is_refused_by_name(api, page) -> None:
    """Hundreds of filters, ten thousand values, a very long address."""
    many = "&".join(f"search={number}" for number in range(MOST_VALUES + 1))
    for query in (f"carrier={','.join(['1'] * 10_000)}", many, f"search={'1' * 100_000}"):
        refused = api.get(f"/api/v1/cards/?{query}")
        assert (refused.status_code, refused.json()["code"]) == (400, "filters_too_deep")
        assert page.get(f"{reverse('lifecycle:fleet')}?{query}").status_code == 400
