"""Reads about jobs that more than one edge needs."""

from cardfleet.jobs.models import ScheduledRun


def last_success(name: str) -> ScheduledRun | None:
    """Return the latest run of a scheduled job that succeeded: what it computes is right as of then."""
    return ScheduledRun.objects.filter(name=name, ok=True).order_by("-started_at").first()
