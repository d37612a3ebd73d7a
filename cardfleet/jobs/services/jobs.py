"""Jobs: asked for, claimed by one worker, ended, rescued from a dead one, tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import attach
from cardfleet.jobs.choices import ENDED, JobState
from cardfleet.jobs.errors import NothingToRetry
from cardfleet.jobs.models import Job, JobRow
from cardfleet.journal.recording import record
from cardfleet.kernel.logs import request_id

MAX_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a job leaves: its counts, its rows (unsaved), what to show, and a file."""

    succeeded: int
    refused: int
    rows: Sequence[JobRow] = ()
    summary: Mapping[str, Any]
    file: StoredFile | None = None


@transaction.atomic
def start_job(
    *,
    kind: str,
    owner: User | None,
    now: datetime,
    params: Mapping[str, Any] | None = None,
    input_file: StoredFile | None = None,
) -> Job:
    """Ask for long work and return the job, waiting. The edge that asks calls `jobs.dispatch.enqueue` with it."""
    job = Job.objects.create(
        kind=kind,
        owner=owner,
        params=dict(params or {}),
        input_file=input_file,
        created_at=now,
        request_id=request_id(),
    )
    if input_file and not input_file.subject:
        attach(stored=input_file, subject=job)
    record(actor=owner, action="jobs.job_started", subject=job, now=now, data={"kind": kind})
    return job


@transaction.atomic
def claim_job(*, pk: int, now: datetime) -> Job | None:
    """Take a waiting job for this worker; None when somebody else has it, or it ended."""
    taken = Job.objects.filter(pk=pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        started_at=now,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
        processed=0,
        succeeded=0,
        refused=0,
    )
    return Job.objects.select_related("owner", "input_file").get(pk=pk) if taken else None


@transaction.atomic
def finish_job(*, job: Job, result: Result, now: datetime) -> None:
    """Store what a job left: done, partly done when rows were refused, failed when all were.

    Nothing happens when another worker has taken the job over meanwhile.
    """
    if result.refused and not result.succeeded:
        state, code, error = JobState.FAILED, "all_rows_refused", _("Every row was refused. See why, correct the file.")
    else:
        state, code, error = JobState.PARTIAL if result.refused else JobState.DONE, "", ""
    _end(
        job,
        result.rows,
        now,
        state=state,
        error_code=code,
        error=error,
        total=result.succeeded + result.refused,
        processed=result.succeeded + result.refused,
        succeeded=result.succeeded,
        refused=result.refused,
        summary=dict(result.summary),
        result_file=result.file,
    )


@transaction.atomic
def fail_job(*, job: Job, code: str, error: str, now: datetime, rows: Sequence[JobRow] = ()) -> None:
    """Store why a job did nothing; nothing happens when another worker has taken it over."""
    _end(job, rows, now, state=JobState.FAILED, error_code=code, error=error)


def _end(job: Job, rows: Sequence[JobRow], now: datetime, **facts: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    if not mine.update(finished_at=now, heartbeat_at=now, **facts):
        return
    JobRow.objects.bulk_create(rows, batch_size=1000)
    file = facts.get("result_file")
    if file and not file.subject:
        attach(stored=file, subject=job)
    counts = {"state": facts["state"], "succeeded": facts.get("succeeded", 0), "refused": facts.get("refused", 0)}
    record(actor=job.owner, action="jobs.job_ended", subject=job, now=now, data=counts)


@transaction.atomic
def rescue_jobs(*, now: datetime) -> list[int]:
    """Find jobs that nobody took or whose worker died, and return those to be called out again.

    One that died MAX_ATTEMPTS times is failed: it would kill the next worker too.
    """
    dead = list(Job.objects.dead(now).locked())
    for job in dead:
        if job.attempts >= MAX_ATTEMPTS:
            sentence = _("The work was interrupted {count} times. Tell whoever runs the server job number {pk}.")
            fail_job(job=job, code="interrupted", error=sentence.format(count=job.attempts, pk=job.pk), now=now)
    again = [job.pk for job in dead if job.attempts < MAX_ATTEMPTS]
    waiting = list(Job.objects.untaken(now).locked().values_list("pk", flat=True))
    Job.objects.filter(pk__in=[*again, *waiting]).update(state=JobState.QUEUED, heartbeat_at=now)
    return again + waiting


@transaction.atomic
def retry_refused(*, job: Job, actor: User, now: datetime) -> Job:
    """Ask for the same work on the refused rows alone. NothingToRetry."""
    lines = list(job.rows.filter(ok=False).order_by("line").values_list("line", flat=True).distinct())
    if job.state not in ENDED or not lines:
        raise NothingToRetry
    params = {**job.params, "only_lines": lines}
    return start_job(kind=job.kind, owner=actor, params=params, input_file=job.input_file, now=now)


@transaction.atomic
def forget_rows(*, kind: str, before: datetime) -> int:
    """Delete what is kept of single rows of jobs of a kind that were asked for before a moment; return how many."""
    rows = JobRow.objects.filter(job__kind=kind, job__created_at__lt=before)
    return rows.delete()[0]
