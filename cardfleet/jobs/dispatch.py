"""Calling a worker. Edges (views, API, commands) do this after the service that asked for the job."""

from django.db import transaction

from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job


def enqueue(job: Job) -> None:
    """Call a worker once the transaction is committed. When Redis is away, `rescue_jobs` calls a minute later."""
    transaction.on_commit(lambda: run_job.delay(job.pk), robust=True)
