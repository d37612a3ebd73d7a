"""The pages of jobs."""

import pytest

from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cardfleet.jobs import handlers
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.handlers import Outcome
from cardfleet.jobs.models import Job, JobRow
from cardfleet.jobs.services import start_job
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = handlers.Kind("tests.x", "X-work", lambda job, progress: Outcome())
    monkeypatch.setitem(handlers._kinds, "tests.x", kind)


@pytest.fixture
def job(now, client) -> Job:
    owner = PersonFactory()
    client.force_login(owner)
    return start_job(kind="tests.x", owner=owner, now=now)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_ones_own_at_a_fixed_cost(count: int, job, client, now, django_assert_num_queries) -> None:
    for _ in range(count - 1):
        start_job(kind="tests.x", owner=job.owner, now=now)
    start_job(kind="tests.x", owner=PersonFactory(), now=now)
    with django_assert_num_queries(5):
        page = client.get("/jobs/", {"kind": "tests.x", "state": "queued"})
    assert page.text.count("X-work</a>") == count


def test_the_bar_asks_again_until_the_end_and_then_for_the_whole_page(job, client) -> None:
    url = f"/jobs/{job.pk}/progress/"
    waiting = client.get(url, headers={"HX-Request": "true"})
    assert f'hx-get="{url}"' in waiting.text
    assert "HX-Refresh" not in waiting
    Job.objects.update(state=JobState.DONE)
    ended = client.get(url, headers={"HX-Request": "true"})
    assert "hx-get" not in ended.text
    assert ended["HX-Refresh"] == "true"


def test_refused_rows_stand_with_line_column_value_and_reason(job, client, now) -> None:
    file = store(content=b"a\n", name="rejects.csv", purpose="rejects", owner=job.owner, now=now, subject=job)
    Job.objects.update(state=JobState.PARTIAL, refused=1, succeeded=1, result_file=file)
    JobRow.objects.create(job=job, line=17, ok=False, column="费用", value="-1", code="fee", message="不能为负")
    text = client.get(f"/jobs/{job.pk}/").text
    for word in ("17", "费用", "-1", "不能为负", f"/files/{file.pk}/", f"/jobs/{job.pk}/retry/"):
        assert word in text, word


def test_refused_rows_are_tried_again(job, client, django_capture_on_commit_callbacks) -> None:
    Job.objects.update(state=JobState.PARTIAL, refused=1)
    JobRow.objects.create(job=job, line=17, ok=False, message="x")
    answer = client.post(f"/jobs/{job.pk}/retry/")
    again = Job.objects.first()
    assert answer["Location"] == f"/jobs/{again.pk}/"
    assert again.params == {"only_lines": [17]}
    assert client.post(f"/jobs/{again.pk}/retry/").status_code == 409


@pytest.mark.parametrize("path", ["", "progress/", "retry/"])
def test_jobs_and_files_of_others_are_as_if_they_were_not(path: str, job, client, now) -> None:
    file = store(content=b"a\n", name="r.csv", purpose="rejects", owner=job.owner, now=now, subject=job)
    client.force_login(PersonFactory())
    call = client.post if path == "retry/" else client.get
    assert call(f"/jobs/{job.pk}/{path}").status_code == 404
    assert client.get(f"/files/{file.pk}/").status_code == 404
    assert Job.objects.count() == 1


def test_compliance_sees_all_jobs_and_their_files(job, reference, client, now) -> None:
    file = store(content=b"a\n", name="r.csv", purpose="rejects", owner=job.owner, now=now, subject=job)
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    assert client.get(f"/jobs/{job.pk}/").status_code == 200
    answer = client.get(f"/files/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"a\n"
