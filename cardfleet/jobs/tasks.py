"""What workers and beat call: long work, work by the clock, and the rescue of jobs nobody took."""

from datetime import date, datetime, timedelta

import structlog
from celery import shared_task
from celery.schedules import crontab, schedule
from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardfleet.jobs import handlers, scheduling
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress, row_of
from cardfleet.jobs.services.idempotency import forget_old_keys
from cardfleet.jobs.services.items import forget_old_items
from cardfleet.jobs.services.jobs import Result, claim_job, fail_job, finish_job, rescue_jobs
from cardfleet.jobs.services.runs import forget_old_runs
from cardfleet.jobs.services.writes import KIND
from cardfleet.jobs.writes import run_writes
from cardfleet.journal.sealing import seal_journal
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.outages import DatabaseFull, outage_of
from cardfleet.notify.services.delivery import claim, deliver

log = structlog.get_logger("cardfleet.jobs")


@shared_task
def run_job(pk: int) -> None:
    """Do a job, unless another worker has it; logs and journal tell the request that asked for it."""
    job = claim_job(pk=pk, now=timezone.now())
    if job is None:
        return
    language = job.owner.language if job.owner else ""
    known = {"job": pk} | ({"request_id": job.request_id} if job.request_id else {})
    with structlog.contextvars.bound_contextvars(**known), translation.override(language or settings.LANGUAGE_CODE):
        log.info("job taken", kind=job.kind, attempt=job.attempts)
        _do(job)


def _do(job: Job) -> None:
    """Run the handler and store how it ended.

    A refusal is the job's answer, and so is a full disk, ours or the database's, as far as that can be stored. A lost
    database leaves the job to the rescue. Anything else is a defect, which fails the job at once, because it would fail
    again.
    """
    try:
        with Progress(job) as progress:
            outcome = handlers.kind(job.kind).run(job, progress)
    except Refusal as refusal:
        rows = [row_of(job, reason.line or 0, reason, "", ok=False) for reason in refusal.reasons]
        fail_job(job=job, code=refusal.code, error=str(refusal), rows=rows, now=timezone.now())
    except Exception as error:
        outage = outage_of(error)
        if isinstance(error, InterfaceError | OperationalError) and not isinstance(outage, DatabaseFull):
            log.exception("database lost")
            raise
        log.exception("job failed")
        if outage:
            fail_job(job=job, code=outage.code, error=str(outage), now=timezone.now())
            return
        sentence = _("Something unexpected happened. Nothing more was stored. Tell whoever runs the server: job {pk}.")
        fail_job(job=job, code="unexpected", error=sentence.format(pk=job.pk), now=timezone.now())
        raise
    else:
        result = Result(
            succeeded=progress.succeeded,
            refused=progress.refused,
            rows=progress.rows,
            summary=outcome.summary,
            file=outcome.result_file,
        )
        finish_job(job=job, result=result, now=timezone.now())


@handlers.handler(KIND, label=gettext_lazy("Many writes over the API"))
def do_writes(job: Job, progress: Progress) -> handlers.Outcome:
    """Do the rows of many writes."""
    return run_writes(job, progress)


@shared_task
def run_scheduled(name: str) -> None:
    """Run a scheduled job for today's business day."""
    now = timezone.now()
    with structlog.contextvars.bound_contextvars(job=name), translation.override(settings.LANGUAGE_CODE):
        summary = scheduling.run_now(name, on=business_day(now), now=now)
        log.info("scheduled job done", **summary)


@scheduling.scheduled("rescue_jobs", crontab())
def rescue(*, on: date, now: datetime) -> dict[str, int]:
    """Call out again the jobs that nobody took within a minute or whose worker died, and what the clock called in vain.

    The latter once in a while: a call may wait for a worker.
    """
    called = rescue_jobs(now=now)
    for pk in called:
        run_job.delay(pk)
    waits_s = int(scheduling.WAITS.total_seconds())
    overdue = [name for name in scheduling.overdue(now=now) if cache.add(f"overdue:{name}", 1, timeout=waits_s)]
    for name in overdue:
        run_scheduled.delay(name)
    return {"called": len(called), "overdue": len(overdue)}


@scheduling.scheduled("deliver_notifications", crontab())
def deliver_notifications(*, on: date, now: datetime) -> dict[str, int]:
    """Send what is due in the outbox. A channel that fails for the moment rests until the next run."""
    counts = {"sent": 0, "failed": 0}
    resting: set[int | None] = set()
    while bundle := claim(now=timezone.now(), passing_over=resting):
        delivery = deliver(bundle=bundle, now=timezone.now())
        counts["sent" if delivery.ok else "failed"] += 1 + (len(bundle.riders) if delivery.ok else 0)
        if not delivery.ok and not delivery.permanent:
            resting.add(bundle.head.channel_id)
    return counts


@scheduling.scheduled("seal_journal", schedule(timedelta(seconds=10)))
def seal_entries(*, on: date, now: datetime) -> dict[str, int]:
    """Give committed entries of the journal their positions."""
    return {"sealed": seal_journal(now=now)}


@scheduling.scheduled("forget_answers", crontab(minute=50))
def forget_answers(*, on: date, now: datetime) -> dict[str, int]:
    """Forget the answers of writes whose keys are over."""
    return {"keys": forget_old_keys(now=now)}


@scheduling.scheduled("tidy_jobs", crontab(hour=3, minute=40))
def tidy(*, on: date, now: datetime) -> dict[str, int]:
    """Forget scheduled runs and done rows of jobs whose time is over."""
    runs = forget_old_runs(now=now, frequent=scheduling.frequent_names())
    return {"runs": runs, "items": forget_old_items(now=now)}
