"""Work by the clock: registered once, run by beat or by hand, each run written down."""

from datetime import date, timedelta
from io import StringIO

import pytest
from celery import current_app
from celery.schedules import crontab
from django.core.management import CommandError, call_command

from cardfleet.accounts.models import User
from cardfleet.jobs import scheduling
from cardfleet.jobs.models import IdempotencyKey, Job, JobItem, ScheduledRun
from cardfleet.jobs.selectors import last_success
from cardfleet.jobs.services import start_job, store_items
from cardfleet.jobs.tasks import forget_answers, run_scheduled, tidy
from tests.conftest import wait_until
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


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
