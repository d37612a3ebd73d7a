"""Work by the clock. Each app decorates its own in its `tasks` module.

    @scheduled("remind_expiries", crontab(hour=7, minute=0))
    def remind_expiries(*, on: date, now: datetime) -> dict[str, int]: ...

Times are Shanghai's. The same work runs by hand as `manage.py run_job remind_expiries --on 2026-11-20`; it may run
twice, late, or beside itself, and says what it did as counts. What comes every few seconds (`schedule(timedelta(...))`)
is not done late: a run that nobody took within a minute is dropped.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from celery import current_app, signature
from celery.schedules import BaseSchedule, crontab
from django.utils import timezone

from cardfleet.jobs.services.runs import begin_run, end_run


class Work(Protocol):
    """What a scheduled job does for a business day; returns what it did as counts."""

    def __call__(self, *, on: date, now: datetime) -> dict[str, int]: ...


TASK = "cardfleet.jobs.tasks.run_scheduled"

DROPPED_AFTER_S = 60

_scheduled: dict[str, Work] = {}
_frequent: set[str] = set()


def scheduled(name: str, when: BaseSchedule) -> Callable[[Work], Work]:
    """Run the decorated function by the clock; the same name twice is a defect."""

    def register(work: Work) -> Work:
        if name in _scheduled:
            raise ValueError(f"scheduled job {name} is registered twice")
        _scheduled[name] = work
        options: dict[str, int] = {}
        if not isinstance(when, crontab):
            _frequent.add(name)
            options["expires"] = DROPPED_AFTER_S
        current_app.add_periodic_task(when, signature(TASK, args=(name,), options=options), name=name)
        return work

    return register


def names() -> list[str]:
    """Return the names of all scheduled jobs."""
    return sorted(_scheduled)


def frequent_names() -> list[str]:
    """Return the names of those that come every few seconds."""
    return sorted(_frequent)


def run_now(name: str, *, on: date, now: datetime) -> dict[str, int]:
    """Run a scheduled job for a day, leave a ScheduledRun, and return what it did. KeyError for an unknown name."""
    work = _scheduled[name]
    run = begin_run(name=name, on=on, now=now)
    try:
        summary = work(on=on, now=now)
    except Exception:
        end_run(run=run, ok=False, summary={}, now=timezone.now())
        raise
    end_run(run=run, ok=True, summary=summary, now=timezone.now())
    return summary
