"""Jobs by the API, and writes that come twice with one key."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import parsers
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from cardfleet.accounts.models import Team
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.jobs.models import IdempotencyKey, Job, JobRow
from cardfleet.jobs.services import start_job
from cardfleet.kernel.errors import Conflict
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(now) -> Job:
    job = start_job(kind="tests.x", owner=PersonFactory(), now=now)
    for line, ok in ((3, False), (2, True), (9, False)):
        JobRow.objects.create(job=job, line=line, ok=ok, column="费用", value="-1", code="fee", message="x")
    return job


def client(person) -> APIClient:
    api = APIClient()
    api.force_authenticate(person)
    return api


def test_a_job_and_its_rows(job) -> None:
    api = client(job.owner)
    assert [found["id"] for found in api.get("/api/v1/jobs/", {"state": "queued"}).json()["results"]] == [job.pk]
    assert api.get(f"/api/v1/jobs/{job.pk}/").json()["state"] == "queued"
    rows = api.get(f"/api/v1/jobs/{job.pk}/rows/", {"ok": "false"}).json()["results"]
    assert [row["line"] for row in rows] == [3, 9]
    assert rows[0] == {
        "line": 3, "ok": False, "label": "", "column": "费用", "value": "-1", "code": "fee", "message": "x"
    }  # fmt: skip


def test_jobs_of_others_are_as_if_they_were_not(job) -> None:
    api = client(PersonFactory())
    assert api.get("/api/v1/jobs/").json()["results"] == []
    for path in ("", "rows/"):
        assert api.get(f"/api/v1/jobs/{job.pk}/{path}").status_code == 404


class TeamView(IdempotentMixin, APIView):
    """Makes a team at every call, and refuses some."""

    parser_classes = (parsers.JSONParser, parsers.MultiPartParser)

    def post(self, request) -> Response:
        team = Team.objects.create(name=request.data["name"])
        if request.data["name"] == "refused":
            raise Conflict
        return Response({"id": team.pk, "at": "2026-11-20"}, status=201)


def post(person, key: str | None, body: dict, kind: str = "json"):
    headers = {"Idempotency-Key": key} if key else {}
    request = APIRequestFactory().post("/x/", body, format=kind, headers=headers)
    force_authenticate(request, person)
    return TeamView.as_view()(request)


def test_the_same_write_with_the_same_key_is_done_once_and_answered_the_same() -> None:
    person = PersonFactory()
    first, second = post(person, "k", {"name": "a"}), post(person, "k", {"name": "a"})
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert second["Idempotent-Replayed"] == "true"
    assert Team.objects.count() == 1


def test_another_body_under_a_known_key_is_refused() -> None:
    person = PersonFactory()
    post(person, "k", {"name": "a"})
    answer = post(person, "k", {"name": "b"})
    assert (answer.status_code, answer.data["code"]) == (422, "idempotency_key_reused")
    assert Team.objects.count() == 1


def test_keys_are_each_persons_own_and_optional() -> None:
    person = PersonFactory()
    for who, key in ((person, "k"), (PersonFactory(), "k"), (person, None), (person, None)):
        assert post(who, key, {"name": "a"}).status_code == 201
    assert Team.objects.count() == 4


def test_a_refused_write_leaves_no_key_and_nothing_else() -> None:
    person = PersonFactory()
    assert post(person, "k", {"name": "refused"}).status_code == 409
    assert (Team.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert post(person, "k", {"name": "a"}).status_code == 201


def test_uploads_are_told_apart_by_their_content() -> None:
    person = PersonFactory()

    def upload(content: bytes):
        return post(person, "k", {"name": "a", "file": SimpleUploadedFile("x.csv", content)}, "multipart")

    assert [upload(content).status_code for content in (b"1", b"1", b"2")] == [201, 201, 422]
    assert Team.objects.count() == 1
