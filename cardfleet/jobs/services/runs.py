"""What ran by the clock, so that pages can say as of when they are right."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from cardfleet.jobs.models import ScheduledRun

KEPT = timedelta(days=60)
FREQUENT_KEPT = timedelta(days=1)


@transaction.atomic
def begin_run(*, name: str, on: date, now: datetime) -> ScheduledRun:
    """Write down that a scheduled job began."""
    return ScheduledRun.objects.create(name=name, on=on, started_at=now)


@transaction.atomic
def end_run(*, run: ScheduledRun, ok: bool, summary: Mapping[str, int], now: datetime) -> None:
    """Write down how it ended."""
    run.ok = ok
    run.summary = dict(summary)
    run.finished_at = now
    run.save(update_fields=["ok", "summary", "finished_at"])


def forget_old_runs(*, now: datetime, frequent: Collection[str]) -> int:
    """Delete runs after sixty days, those that come every few seconds and went well after one; return how many."""
    usual = ScheduledRun.objects.filter(started_at__lt=now - KEPT)
    many = ScheduledRun.objects.filter(started_at__lt=now - FREQUENT_KEPT, ok=True, name__in=frequent)
    return usual.delete()[0] + many.delete()[0]
