"""Reads about jobs that more than one edge needs."""

from datetime import datetime

from django.db.models import QuerySet

from cardfleet.jobs.models import ScheduledRun


def successes(*, since: datetime) -> QuerySet[ScheduledRun]:
    """Return of each scheduled job the latest run that began since and succeeded."""
    runs = ScheduledRun.objects.filter(ok=True, finished_at__isnull=False, started_at__gte=since)
    return runs.order_by("name", "-started_at").distinct("name")


def last_success(name: str) -> ScheduledRun | None:
    """Return the latest run of a scheduled job that succeeded: what it computes is right as of then."""
    return ScheduledRun.objects.filter(name=name, ok=True).order_by("-started_at").first()
