"""Long work: claimed once, told while it runs, ended honestly, rescued from dead workers."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils.translation import gettext_lazy as _
from structlog.contextvars import bound_contextvars, get_contextvars

from cardfleet.files.services import store
from cardfleet.jobs import handlers
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.errors import NothingToRetry
from cardfleet.jobs.handlers import Outcome
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress, tell
from cardfleet.jobs.services import retry_refused, start_job
from cardfleet.jobs.services.jobs import MAX_ATTEMPTS, Result, claim_job, finish_job, rescue_jobs
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput, Reason
from tests.conftest import wait_until
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db
BAD = Reason(code="fee", message=_("Sign out"), line=3, column="费用", value="-1")


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch):
    """Make jobs of kind tests.echo do what is given."""

    def set_work(work) -> None:
        monkeypatch.setitem(handlers._kinds, "tests.echo", handlers.Kind("tests.echo", "Echo", work))

    return set_work


@pytest.fixture
def job(now) -> Job:
    return start_job(kind="tests.echo", owner=PersonFactory(), params={"n": 2}, now=now)


def test_a_job_is_done(job, does) -> None:
    def work(running: Job, progress: Progress) -> Outcome:
        assert running.state == JobState.RUNNING
        progress.expect(running.params["n"])
        progress.done(2)
        return Outcome(summary={"added": 2})

    does(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.total, job.processed, job.succeeded, job.refused) == ("done", 2, 2, 2, 0)
    assert (job.summary, job.attempts, job.ended) == ({"added": 2}, 1, True)
    assert [entry.action for entry in Entry.objects.about(f"jobs.job:{job.pk}")] == [
        "jobs.job_ended",
        "jobs.job_started",
    ]


def test_a_job_runs_once_however_often_it_is_called(job, does) -> None:
    ran = []
    does(lambda running, progress: ran.append(running.pk) or Outcome())
    run_job(job.pk)
    run_job(job.pk)
    assert ran == [job.pk]


def test_a_job_tells_in_log_and_journal_the_request_that_asked_for_it(does, now) -> None:
    """Issue 10: also when its first worker died and the rescue called it out again."""
    with bound_contextvars(request_id="r-1"):
        job = start_job(kind="tests.echo", owner=PersonFactory(), now=now)
    seen = []
    does(lambda _job, _progress: seen.append(get_contextvars()) or Outcome())
    claim_job(pk=job.pk, now=now)
    assert rescue_jobs(now=now + timedelta(hours=1)) == [job.pk]
    run_job(job.pk)
    assert seen == [{"job": job.pk, "request_id": "r-1"}]
    assert get_contextvars() == {}
    assert {entry.request_id for entry in Entry.objects.about(f"jobs.job:{job.pk}")} == {"r-1"}


def test_refused_rows_are_kept_with_line_column_value_and_reason(job, does, now) -> None:
    def work(_job: Job, progress: Progress) -> Outcome:
        progress.done()
        progress.refuse(3, BAD, row="138****1234")
        progress.warn(4, BAD)
        file = store(content=b"a\n", name="rejects.csv", purpose="rejects", owner=job.owner, now=now)
        return Outcome(result_file=file)

    does(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.succeeded, job.refused) == ("partial", 1, 1)
    assert list(job.rows.values_list("line", "ok", "label", "column", "value", "code")) == [
        (3, False, "138****1234", "费用", "-1", "fee"),
        (4, True, "", "费用", "-1", "fee"),
    ]
    assert job.result_file.subject == f"jobs.job:{job.pk}"


def test_reasons_are_worded_in_the_owners_language(job, does) -> None:
    job.owner.language = "en"
    job.owner.save()
    does(lambda _job, progress: progress.refuse(1, BAD) or progress.done() or Outcome())
    run_job(job.pk)
    assert job.rows.get().message == "Sign out"


def test_when_every_row_is_refused_the_job_failed(job, does) -> None:
    does(lambda _job, progress: progress.refuse(3, BAD) or Outcome())
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "all_rows_refused")


def test_a_refusal_is_the_jobs_answer(job, does) -> None:
    def work(_job: Job, _progress: Progress) -> Outcome:
        raise BadInput(reasons=[BAD])

    does(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code, job.error) == ("failed", "bad_input", str(BadInput()))
    assert job.rows.get().line == 3


def test_a_defect_fails_the_job_and_names_no_secret(job, does) -> None:
    def work(_job: Job, _progress: Progress) -> Outcome:
        raise ZeroDivisionError("PIN 1234")

    does(work)
    with pytest.raises(ZeroDivisionError):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "unexpected")
    assert "1234" not in job.error


def test_a_worker_that_lost_the_job_changes_nothing(job, now) -> None:
    first = claim_job(pk=job.pk, now=now)
    Job.objects.update(heartbeat_at=now - timedelta(minutes=3))
    assert rescue_jobs(now=now) == [job.pk]
    second = claim_job(pk=job.pk, now=now)
    finish_job(job=first, result=Result(succeeded=1, refused=0, summary={}), now=now)
    tell(Progress(first))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.succeeded) == ("running", 2, 0)
    finish_job(job=second, result=Result(succeeded=5, refused=0, summary={}), now=now)
    job.refresh_from_db()
    assert (job.state, job.succeeded) == ("done", 5)


def test_waiting_jobs_are_called_out_again_after_a_minute_and_only_then(job, now) -> None:
    """Invariant 8: a beat job picks up what nobody took within a minute."""
    assert rescue_jobs(now=now + timedelta(seconds=59)) == []
    late = now + timedelta(seconds=61)
    assert rescue_jobs(now=late) == [job.pk]
    assert rescue_jobs(now=late + timedelta(seconds=30)) == [], "not at every turn while the queue is long"
    assert rescue_jobs(now=late + timedelta(seconds=61)) == [job.pk]


def test_a_job_that_kills_its_workers_is_given_up(job, now) -> None:
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claim_job(pk=job.pk, now=now)
        assert rescue_jobs(now=now) == []
        now += timedelta(minutes=3)
        assert rescue_jobs(now=now) == ([job.pk] if attempt < MAX_ATTEMPTS else [])
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "interrupted")


def test_refused_rows_are_retried_alone(job, does, now) -> None:
    done = []

    def work(_job: Job, progress: Progress) -> Outcome:
        for line in (1, 2, 3):
            if progress.wants(line):
                done.append(line)
                progress.done() if line == 2 or len(done) > 3 else progress.refuse(line, BAD)
        return Outcome()

    does(work)
    run_job(job.pk)
    job.refresh_from_db()
    again = retry_refused(job=job, actor=job.owner, now=now)
    run_job(again.pk)
    again.refresh_from_db()
    assert (done, again.state, again.succeeded) == ([1, 2, 3, 1, 3], "done", 2)
    for ended in (again, start_job(kind="tests.echo", owner=job.owner, now=now)):
        with pytest.raises(NothingToRetry):
            retry_refused(job=ended, actor=job.owner, now=now)


def test_jobs_of_others_need_a_right(job, reference) -> None:
    assert list(Job.objects.visible_to(job.owner)) == [job]
    assert not Job.objects.visible_to(PersonFactory()).exists()


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_from_inside_an_open_transaction(now, does) -> None:
    """The page's bar moves while the import's one transaction is still open."""
    job = start_job(kind="tests.echo", owner=PersonFactory(), now=now)
    seen = {}

    def look() -> bool:
        rival = connections.create_connection("default")
        try:
            with rival.cursor() as cursor:
                cursor.execute("SELECT total, succeeded FROM jobs_job")
                seen["row"] = cursor.fetchone()
        finally:
            rival.close()
        return seen["row"] == (10, 4)

    def work(_job: Job, progress: Progress) -> Outcome:
        progress.expect(10)
        with transaction.atomic():
            progress.done(4)
            wait_until(look, what="nobody told how far the job is", seconds=10)
            assert connection.in_atomic_block
        progress.done(6)
        return Outcome()

    does(work)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.succeeded) == ("done", 10)


def test_a_real_worker_takes_the_job(worker, now) -> None:
    with bound_contextvars(request_id="request-7"):
        job = start_job(kind="tests.unknown", owner=PersonFactory(), now=now)
    enqueue(job)
    wait_until(lambda: Job.objects.get().ended, what="no worker took the job")
    assert Job.objects.get().error_code == "unexpected"
    lines = worker.log.read_text().splitlines()
    for event in ("job taken", "job failed"):
        (line,) = [line for line in lines if event in line]
        assert f"job={job.pk}" in line
        assert "request_id=request-7" in line


@pytest.mark.django_db(transaction=True)
def test_a_teller_whose_connection_broke_tells_on(now, does) -> None:
    """Otherwise a worker that lives would look dead, and its job be given to another."""
    job = start_job(kind="tests.echo", owner=PersonFactory(), now=now)

    def backends() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^UPDATE'")
            return [pid for (pid,) in cursor.fetchall() if pid != connection.connection.info.backend_pid]

    def work(_job: Job, progress: Progress) -> Outcome:
        wait_until(backends, what="the teller never told", seconds=10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backends()[0]])
        progress.done(3)
        wait_until(lambda: Job.objects.get().succeeded == 3, what="the teller fell silent", seconds=10)
        return Outcome()

    does(work)
    run_job(job.pk)
    assert Job.objects.get().state == JobState.DONE
