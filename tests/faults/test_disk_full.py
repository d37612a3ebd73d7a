"""No space left: uploads and results are refused in a sentence, and nothing of them is kept."""

import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from billing.models import UsageBatch
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs import handlers
from cardfleet.jobs.handlers import Outcome
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from tests.billing.conftest import generic
from tests.factories.accounts import PersonFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference"),
    # The temporary file of an upload that broke off is closed when it is forgotten, and tries to write once more.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FITS = 64 * 1024
CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"
# Kept in memory while it comes, and written to a file of its own meanwhile (FILE_UPLOAD_MAX_MEMORY_SIZE).
SMALL, LARGE = 4_000, 40_000


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow beyond FITS: writing more fails as on a disk without space (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FITS, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        gc.collect()


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def upload(rows: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("calls.csv", generic(*[CALL] * rows).encode())


@pytest.mark.parametrize("rows", [SMALL, LARGE])
def test_a_call_list_that_does_not_fit_is_refused(rows: int, client, settings) -> None:
    """Over the API: 507 with a code, whether the space ends while it comes or while it is kept."""
    client.raise_request_exception = False
    client.force_login(PersonFactory(role=Role.FINANCE))
    before = Entry.objects.count()
    with full_disk():
        answer = client.post("/api/v1/usage/imports/", {"file": upload(rows), "source": "mobile"})
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full"), answer.content
    assert not StoredFile.objects.exists()
    assert not UsageBatch.objects.exists()
    assert not Job.objects.exists()
    assert Entry.objects.count() == before
    assert left_behind(settings.MEDIA_ROOT) == []


@pytest.mark.parametrize("rows", [SMALL, LARGE])
def test_a_page_says_so_in_chinese(rows: int, client, settings) -> None:
    """The same by the page's form."""
    client.raise_request_exception = False
    client.force_login(PersonFactory(role=Role.ADMIN))
    with full_disk():
        answer = client.post(reverse("lifecycle:import-cards"), {"file": upload(rows)})
    assert answer.status_code == 507
    assert "没有空间" in answer.content.decode()
    assert not Job.objects.exists()
    assert left_behind(settings.MEDIA_ROOT) == []


@pytest.mark.parametrize("by", ["a file of its own", "the store"])
def test_a_job_whose_result_does_not_fit_says_why(by: str, now, tmp_path: Path, settings, monkeypatch) -> None:
    """An export that fills the disk fails with the same sentence, and leaves no half of a file."""

    def work(running: Job, _progress: object) -> Outcome:
        if by == "a file of its own":
            (tmp_path / "result.csv").write_bytes(b"x" * 2 * FITS)
        content = b"a,b\n" * FITS
        return Outcome(result_file=store(content=content, name="r.csv", purpose="t", owner=running.owner, now=now))

    monkeypatch.setitem(handlers._kinds, "tests.full", handlers.Kind("tests.full", "Full", work))
    job = start_job(kind="tests.full", owner=PersonFactory(), now=now)
    with full_disk():
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "storage_full")
    assert "空间" in job.error
    assert not StoredFile.objects.exists()
    assert left_behind(settings.MEDIA_ROOT) == []
    assert not connection.needs_rollback
