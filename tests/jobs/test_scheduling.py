"""Work by the clock: registered once, run by beat or by hand, each run written down."""

import json
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from celery import current_app
from celery.schedules import crontab
from django.core.management import CommandError, call_command
from redis import Redis

from cardfleet.accounts.models import User
from cardfleet.jobs import scheduling
from cardfleet.jobs.models import IdempotencyKey, Job, JobItem, ScheduledRun
from cardfleet.jobs.selectors import last_success
from cardfleet.jobs.services import start_job, store_items
from cardfleet.jobs.tasks import forget_answers, rescue, run_scheduled, tidy
from cardfleet.kernel.clock import SHANGHAI
from tests.conftest import REDIS_URL, wait_until
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 20, 3, 30, tzinfo=SHANGHAI)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    monkeypatch.setattr(scheduling, "_scheduled", dict(scheduling._scheduled))
    seen: dict[str, int] = {"days": 0}

    def count(*, on: date, now) -> dict[str, int]:
        if on == date(2000, 1, 1):
            raise ValueError("no such millennium")
        seen["days"] += 1
        return {"days": on.day}

    scheduling.scheduled("tests_count", crontab(hour=5))(count)
    return seen


def test_beat_knows_every_scheduled_job(counts) -> None:
    entry = current_app.conf.beat_schedule["tests_count"]
    assert (entry["task"], entry["args"]) == (run_scheduled.name, ("tests_count",))
    assert set(scheduling.names()) <= set(current_app.conf.beat_schedule)
    with pytest.raises(ValueError, match="twice"):
        scheduling.scheduled("tests_count", crontab())(lambda **_: {})
    del current_app.conf.beat_schedule["tests_count"]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> str:
    """A job of half past three, the only one by the clock, which ran the night before."""
    monkeypatch.setattr(scheduling, "_crontabs", {"tests_night": crontab(hour=3, minute=30)})
    ran("tests_night", NIGHT - timedelta(days=1))
    return "tests_night"


def ran(name: str, at: datetime, *, ok: bool = True, ended: bool = True) -> None:
    """Leave a run."""
    ScheduledRun.objects.create(name=name, on=at.date(), started_at=at, ok=ok, finished_at=at if ended else None)


@pytest.mark.parametrize(
    ("runs", "minutes", "is_overdue"),
    [
        ([], 10, False),
        ([], 21, True),
        ([], 20 * 60, True),
        ([], 21 * 60, False),
        ([{}], 60, False),
        ([{"ok": False}], 19, False),
        ([{"ok": False}], 21, True),
        ([{"ok": False, "ended": False}], 59, False),
        ([{"ok": False, "ended": False}], 61, True),
        ([{"ok": False}] * 3, 200, False),
    ],
    ids=[
        "may wait for a worker", "lost", "lost for long", "another day", "went well", "failed just now", "failed",
        "under way", "its worker died", "failed three times",
    ],
)  # fmt: skip
def test_what_the_clock_called_in_vain_is_made_up_for(night, runs, minutes: int, is_overdue: bool) -> None:
    """Invariant 8: a run that Redis lost, or over which a worker died, comes about on the same day."""
    for facts in runs:
        ran(night, NIGHT, **facts)
    assert scheduling.overdue(now=NIGHT + timedelta(minutes=minutes)) == [night] * is_overdue


@pytest.mark.parametrize(
    ("runs", "minutes", "late"),
    [
        ([], -1, 0),
        ([], 5, 300),
        ([{}], 5, 0),
        ([{"ok": False}], 5, 300),
        ([{"ok": False, "ended": False}], 5, 300),
    ],
    ids=["not due", "did not run", "went well", "failed", "under way"],
)
def test_how_late_a_job_is_counts_from_when_it_was_due(night, runs, minutes: int, late: int) -> None:
    """Issue 10: what Prometheus is shown."""
    for facts in runs:
        ran(night, NIGHT, **facts)
    assert scheduling.lateness(now=NIGHT + timedelta(minutes=minutes)) == {night: late}


def test_how_late_a_job_is_adds_up_over_the_times_it_was_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assessment that fails each quarter of an hour is late since the first time, not since the last."""
    monkeypatch.setattr(scheduling, "_crontabs", {"tests_often": crontab(minute="*/15")})
    ran("tests_often", NIGHT)
    ran("tests_often", NIGHT + timedelta(minutes=30), ok=False)
    assert scheduling.lateness(now=NIGHT + timedelta(minutes=14)) == {"tests_often": 0}
    assert scheduling.lateness(now=NIGHT + timedelta(minutes=50)) == {"tests_often": 35 * 60}


def test_what_never_ran_here_is_not_late(night) -> None:
    ScheduledRun.objects.all().delete()
    assert scheduling.lateness(now=NIGHT + timedelta(hours=8)) == {night: 0}


def test_what_never_ran_here_is_not_made_up_for(night) -> None:
    """A new installation does not begin with the jobs of its first night at noon."""
    ScheduledRun.objects.all().delete()
    assert scheduling.overdue(now=NIGHT + timedelta(hours=8)) == []


def test_each_job_by_the_clock_is_due_at_some_moment_of_the_day() -> None:
    """What the product registers is understood: late in the evening each of them has had its moment."""
    evening = NIGHT.replace(hour=23, minute=59)
    assert all(scheduling.last_due(when, now=evening) for when in scheduling._crontabs.values())
    assert scheduling.last_due(crontab(day_of_week="sat"), now=NIGHT) is None
    assert scheduling.last_due(crontab(day_of_week="fri", minute="*/15", hour=3), now=NIGHT) == NIGHT


def test_an_overdue_run_is_called_out_once_in_a_while(night) -> None:
    """The rescue comes every minute; its call may wait for a busy worker."""
    late = NIGHT + timedelta(hours=1)
    assert [rescue(on=DAY, now=late)["overdue"] for _minute in range(3)] == [1, 0, 0]
    with Redis.from_url(REDIS_URL) as queue:
        (call,) = queue.lrange("celery", 0, -1)
    assert json.loads(call)["headers"]["argsrepr"] == f"('{night}',)"


def test_a_run_is_written_down(counts, now) -> None:
    assert scheduling.run_now("tests_count", on=DAY, now=now) == {"days": 20}
    run = ScheduledRun.objects.get()
    assert (run.name, run.on, run.ok, run.summary, run.started_at) == ("tests_count", DAY, True, {"days": 20}, now)
    assert last_success("tests_count") == run


def test_a_failed_run_is_written_down_and_said(counts, now) -> None:
    with pytest.raises(ValueError, match="millennium"):
        scheduling.run_now("tests_count", on=date(2000, 1, 1), now=now)
    assert not ScheduledRun.objects.get().ok
    assert last_success("tests_count") is None


def test_the_command_runs_a_job_for_a_day(counts) -> None:
    out = StringIO()
    call_command("run_job", "tests_count", "--on", "2026-11-20", stdout=out)
    assert out.getvalue() == "days 20\n"
    call_command("run_job", "tests_count", stdout=out)
    assert counts["days"] == 2
    for arguments in (["nothing_such"], ["tests_count", "--on", "2026-02-31"]):
        with pytest.raises(CommandError):
            call_command("run_job", *arguments, stdout=out)


def test_tidying_twice_forgets_what_is_old_only(now) -> None:
    person = PersonFactory()
    for hours, key in ((25, "old"), (23, "new")):
        at = now - timedelta(hours=hours)
        IdempotencyKey.objects.create(user=person, key=key, request_hash="x", created_at=at)
    for days in (61, 59):
        ScheduledRun.objects.create(name="x", on=DAY, started_at=now - timedelta(days=days))
    for days, ok in ((2, True), (2, False), (0, True)):
        ScheduledRun.objects.create(name="seal_journal", on=DAY, ok=ok, started_at=now - timedelta(days=days))
    for days in (31, 29):
        job = start_job(kind="tests.echo", owner=person, now=now - timedelta(days=days))
        store_items(items=[JobItem(job=job, line=1, subject=1)])
    for forgotten in (1, 0):
        assert forget_answers(on=DAY, now=now) == {"keys": forgotten}
        assert tidy(on=DAY, now=now) == {"runs": 2 * forgotten, "items": forgotten}
    assert User.objects.filter(pk=person.pk).exists()


def test_rescue_calls_a_real_worker(worker, now) -> None:
    """A job that was never called out (Redis was away) is done a minute later."""
    job = start_job(kind="tests.unknown", owner=PersonFactory(), now=now - timedelta(days=1))
    call_command("run_job", "rescue_jobs", stdout=StringIO())
    wait_until(lambda: Job.objects.get(pk=job.pk).ended, what="the rescued job was not taken")
