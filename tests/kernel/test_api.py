"""What every endpoint of the API has in common: one error shape, strict filters, pages by cursor."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation
from rest_framework import exceptions, serializers
from rest_framework.test import APIClient

from cardfleet.jobs.models import Job
from cardfleet.kernel.api.errors import answer, as_refusal
from cardfleet.kernel.errors import BadInput, Conflict, NotAllowed, NotVisible, Reason
from tests.factories.accounts import PersonFactory, TeamFactory

TEAMS, JOBS = "/api/v1/teams/", "/api/v1/jobs/"


class Line(serializers.Serializer):
    msisdn = serializers.CharField(max_length=3)


class Order(serializers.Serializer):
    name = serializers.CharField()
    lines = Line(many=True)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict(), 409, "conflict"),
        (NotVisible(), 404, "not_found"),
        (Http404(), 404, "not_found"),
        (exceptions.NotFound(), 404, "not_found"),
        (NotAllowed(), 403, "not_allowed"),
        (PermissionDenied(), 403, "not_allowed"),
        (exceptions.PermissionDenied(), 403, "not_allowed"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (exceptions.Throttled(wait=3), 429, "throttled"),
        (exceptions.ParseError(), 400, "bad_input"),
        (exceptions.ValidationError({"a": ["b"]}), 400, "bad_input"),
    ],
)
def test_every_error_has_one_shape(error: Exception, status: int, code: str) -> None:
    response = answer(error, {})
    assert (response.status_code, response.data["code"]) == (status, code)
    assert set(response.data) == {"code", "message", "details"}


def test_a_defect_is_not_dressed_up() -> None:
    assert answer(ZeroDivisionError(), {}) is None


def test_bad_input_names_each_field_on_its_way() -> None:
    order = Order(data={"lines": [{"msisdn": "123"}, {"msisdn": "1234"}, {}]})
    assert not order.is_valid()
    refusal = as_refusal(serializers.ValidationError(order.errors))
    assert [(reason.field, reason.code) for reason in refusal.reasons] == [
        ("name", "required"),
        ("lines.1.msisdn", "max_length"),
        ("lines.2.msisdn", "required"),
    ]


def test_reasons_carry_what_clears_them_in_the_readers_language() -> None:
    refusal = BadInput(reasons=[Reason(code="x", message=translation.gettext_lazy("Sign out"), line=3, column="费用")])
    with translation.override("en"):
        assert answer(refusal, {}).data["details"] == [
            {"code": "x", "message": "Sign out", "line": 3, "column": "费用"}
        ]


@pytest.fixture
def api(db) -> APIClient:
    client = APIClient()
    client.force_authenticate(PersonFactory(is_superuser=True))
    return client


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"nmae": "x"}, "nmae"),
        ({"kind": "tribe"}, "kind"),
        ({"parent": "x"}, "parent"),
        ({"page": "2"}, "page"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "501"}, "page_size"),
        ({"page_size": "²"}, "page_size"),
        ({"page_size": ""}, "page_size"),
        ({"page_size": "9" * 5000}, "page_size"),
        ({"cursor": "rubbish"}, "cursor"),
    ],
)
def test_what_a_list_does_not_know_is_refused_by_name(query: dict[str, str], field: str, api) -> None:
    response = api.get(TEAMS, query)
    assert (response.status_code, response.json()["code"]) == (400, "bad_input")
    assert [detail["field"] for detail in response.json()["details"]] == [field]


def test_unknown_filters_are_refused_where_there_are_none_at_all(api) -> None:
    team = TeamFactory()
    assert api.get(f"{TEAMS}{team.pk}/", {"colour": "red"}).status_code == 400
    assert api.get(f"{TEAMS}{team.pk}/").status_code == 200


def test_pages_hold_every_row_once_also_when_rows_are_added_between(api, now) -> None:
    wanted = [Job.objects.create(kind="x", created_at=now).pk for _ in range(7)][::-1]
    seen, link = [], f"{JOBS}?page_size=3"
    while link:
        page = api.get(link).json()
        assert set(page) == {"results", "next", "previous"}
        seen += [job["id"] for job in page["results"]]
        Job.objects.create(kind="x", created_at=now)
        link = page["next"]
    assert seen == wanted
    assert page["previous"]


def test_a_page_holds_up_to_five_hundred(api, now) -> None:
    Job.objects.bulk_create(Job(kind="x", created_at=now) for _ in range(501))
    assert len(api.get(JOBS).json()["results"]) == 50
    assert len(api.get(JOBS, {"page_size": 500}).json()["results"]) == 500
