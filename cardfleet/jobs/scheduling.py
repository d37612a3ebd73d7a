"""Work by the clock. Each app decorates its own in its `tasks` module.

    @scheduled("remind_expiries", crontab(hour=7, minute=0))
    def remind_expiries(*, on: date, now: datetime) -> dict[str, int]: ...

Times are Shanghai's. The same work runs by hand as `manage.py run_job remind_expiries --on 2026-11-20`; it may run
twice, late, or beside itself, and says what it did as counts. What comes every few seconds (`schedule(timedelta(...))`)
is not done late: a run that nobody took within a minute is dropped. A run of the day that did not come about, because
its worker died or Redis lost it, is made up for (`overdue`).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from celery import current_app, signature
from celery.schedules import BaseSchedule, crontab
from django.utils import timezone

from cardfleet.jobs.models import ScheduledRun
from cardfleet.jobs.selectors import successes
from cardfleet.jobs.services.runs import begin_run, end_run
from cardfleet.kernel.clock import SHANGHAI, business_day, day_start


class Work(Protocol):
    """What a scheduled job does for a business day; returns what it did as counts."""

    def __call__(self, *, on: date, now: datetime) -> dict[str, int]: ...


TASK = "cardfleet.jobs.tasks.run_scheduled"

DROPPED_AFTER_S = 60
# A run may wait for a worker that is busy; one that began and says nothing for so long is dead; then that is all.
WAITS, LASTS, TIMES = timedelta(minutes=20), timedelta(hours=1), 3
EARLY = timedelta(seconds=30)

_scheduled: dict[str, Work] = {}
_crontabs: dict[str, Any] = {}  # crontab; what is written about its types leaves its fields out
_frequent: set[str] = set()


def scheduled(name: str, when: BaseSchedule) -> Callable[[Work], Work]:
    """Run the decorated function by the clock; the same name twice is a defect."""

    def register(work: Work) -> Work:
        if name in _scheduled:
            raise ValueError(f"scheduled job {name} is registered twice")
        _scheduled[name] = work
        options: dict[str, int] = {}
        if isinstance(when, crontab):
            _crontabs[name] = when
        else:
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


def overdue(*, now: datetime) -> list[str]:
    """Return what was due today, and neither went well since nor is under way; not what never ran here before."""
    moments = {name: last_due(when, now=now) for name, when in _crontabs.items()}
    due = {name: moment for name, moment in moments.items() if moment and moment <= now - WAITS}
    known = set(ScheduledRun.objects.filter(name__in=due).order_by().values_list("name", flat=True).distinct())
    since = defaultdict[str, list[ScheduledRun]](list)
    for run in ScheduledRun.objects.filter(name__in=due, started_at__gte=day_start(business_day(now)) - EARLY):
        if run.started_at >= due[run.name] - EARLY:
            since[run.name].append(run)
    return [name for name in sorted(known) if _is_wanting(since[name], now)]


def lateness(*, now: datetime) -> dict[str, float]:
    """Return for how many seconds each job of the day has been due without a run that went well since.

    0 for those that went well, are not due yet today, or never ran here before. Those that come every few seconds show
    by what they leave waiting.
    """
    began = {run.name: run.started_at + EARLY for run in successes(since=day_start(business_day(now)) - EARLY)}
    late = dict.fromkeys(sorted(_crontabs), 0.0)
    for name, when in _crontabs.items():
        missed = [moment for moment in due_moments(when, now=now) if name not in began or moment > began[name]]
        if missed:
            late[name] = (now - missed[0]).total_seconds()
    wanting = [name for name, seconds in late.items() if seconds]
    known = ScheduledRun.objects.filter(name__in=wanting).order_by().values_list("name", flat=True).distinct()
    return late | dict.fromkeys(set(wanting).difference(known), 0.0)


def last_due(when: Any, *, now: datetime) -> datetime | None:
    """Return the last moment of this business day up to now at which a job is called; None where there was none."""
    return max(due_moments(when, now=now), default=None)


def due_moments(when: Any, *, now: datetime) -> list[datetime]:
    """Return the moments of this business day up to now at which a job is called, in order."""
    here = now.astimezone(SHANGHAI)
    is_day = here.isoweekday() % 7 in when.day_of_week and here.day in when.day_of_month
    if not is_day or here.month not in when.month_of_year:
        return []
    clock = (here.hour, here.minute)
    times = [(hour, minute) for hour in sorted(when.hour) for minute in sorted(when.minute) if (hour, minute) <= clock]
    return [here.replace(hour=hour, minute=minute, second=0, microsecond=0) for hour, minute in times]


def _is_wanting(runs: Sequence[ScheduledRun], now: datetime) -> bool:
    if len(runs) >= TIMES or any(run.ok for run in runs):
        return False
    return all(run.started_at <= now - (WAITS if run.finished_at else LASTS) for run in runs)


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
