"""What of jobs and of work by the clock shows in `/metrics`."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job
from cardfleet.jobs.scheduling import lateness
from cardfleet.jobs.selectors import successes
from cardfleet.kernel.gauges import register

DAY = timedelta(days=1)
# Codes of what `jobs.tasks` and `jobs.services.jobs` fail a job by when nobody refused it.
DEFECTS = ("unexpected", "interrupted")


def unfinished() -> dict[str, float]:
    """Count the jobs that wait and those that run."""
    found = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).aggregate(
        queued=Count("pk", filter=Q(state=JobState.QUEUED)), running=Count("pk", filter=Q(state=JobState.RUNNING))
    )
    return dict(found)


def longest_wait() -> dict[str, float]:
    """Return how many seconds ago the oldest job that waits was asked for."""
    oldest = Job.objects.filter(state=JobState.QUEUED).aggregate(at=Min("created_at"))["at"]
    return {"": max((timezone.now() - oldest).total_seconds(), 0) if oldest else 0}


def defects() -> dict[str, float]:
    """Count the jobs of the last day that failed by a defect or because their workers died, not by their input."""
    ended = Job.objects.filter(state=JobState.FAILED, error_code__in=DEFECTS, finished_at__gt=timezone.now() - DAY)
    return {"": ended.count()}


def late() -> dict[str, float]:
    """Return the seconds by which each scheduled job is late."""
    return lateness(now=timezone.now())


def took() -> dict[str, float]:
    """Return how many seconds the latest good run of each scheduled job took, of the last day's."""
    runs = successes(since=timezone.now() - DAY)
    return {run.name: (run.finished_at - run.started_at).total_seconds() for run in runs if run.finished_at}


register("cardfleet_jobs", "Jobs that have not ended", unfinished, label="state")
register("cardfleet_jobs_oldest_queued_seconds", "Age of the oldest job that no worker took yet", longest_wait)
register("cardfleet_jobs_defects", "Jobs of the last day that failed for no fault of their input", defects)
register("cardfleet_scheduled_late_seconds", "Since when a scheduled job is due without success", late, label="name")
register("cardfleet_scheduled_took_seconds", "How long the latest good run of a scheduled job took", took, label="name")
