"""Two beats: one leads, the other takes over when it dies, and each job is called once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
import yaml
from celery.schedules import crontab
from django.conf import settings
from redis import Redis

from cardfleet.celery import app
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.heartbeat import LEAD_S, LEADER, STAND_BY_S, WatchedScheduler
from tests.conftest import REDIS_URL, wait_until

ROOT = settings.BASE_DIR
COMMAND = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["beat"]["command"]
DUE = datetime(2026, 11, 20, 3, 30, tzinfo=SHANGHAI)
LEADS = b"this beat leads"
NIGHT, DAY = DUE + timedelta(minutes=5), timedelta(days=1)


class Beat(WatchedScheduler):
    """Beat's scheduler with one job, due at half past three, which counts instead of calling a worker."""

    called: Counter[str]
    back = timedelta()

    def setup_schedule(self) -> None:
        """Open the store, with nothing of the product's in it."""
        super().setup_schedule()
        self.schedule.clear()
        nightly = {"task": "tests.night", "schedule": crontab(hour=3, minute=30, app=self.app)}
        self.update_from_dict({"each night": nightly | {"last_run_at": app.now() - self.back}})

    def apply_async(self, entry, *_args, **_options) -> None:
        """Count."""
        self.called[entry.name] += 1


@pytest.fixture
def redis() -> Iterator[Redis]:
    """The Redis that beats agree by."""
    with Redis.from_url(REDIS_URL) as client:
        yield client


@pytest.fixture
def beats(tmp_path: Path, redis: Redis) -> Iterator[tuple[Beat, Beat]]:
    """Two of them, with a schedule each; the first leads."""
    with time_machine.travel(NIGHT, tick=False):
        Beat.called = Counter()
        both = tuple(Beat(app=app, schedule_filename=str(tmp_path / name)) for name in ("one", "two"))
        both[0].tick()
        yield both
        for each in both:
            each.close()


def make_due(beat: Beat) -> None:
    """Let a beat have called its job the night before."""
    beat.schedule["each night"].last_run_at -= DAY
    beat._heap = None


def test_one_leads_and_the_other_calls_nothing(beats) -> None:
    first, second = beats
    make_due(first)
    assert second.tick() == STAND_BY_S
    assert second._store is None
    assert first.tick() == 0
    assert Beat.called == {"each night": 1}


def test_who_ends_lets_the_other_lead_at_once(beats) -> None:
    first, second = beats
    second.tick()
    first.close()
    second.tick()
    assert second._store is not None


def test_who_hung_finds_that_another_leads(beats, redis: Redis) -> None:
    """It stopped for longer than its lead lasts: it calls nothing more, and leads again when the other ends."""
    first, second = beats
    redis.delete(LEADER)
    second.tick()
    make_due(first)
    assert first.tick() == STAND_BY_S
    assert first._store is None
    second.close()
    first.tick()
    assert first._store is not None
    assert Beat.called == {}


@pytest.mark.parametrize(
    ("stood_by", "seconds", "calls"),
    [(True, -60, 0), (True, LEAD_S - 5, 1), (True, 600, 0), (False, 600, 1)],
    ids=["not due", "since the leader died", "while the leader led", "while none was there"],
)
def test_who_takes_over_calls_what_nobody_called(beats, stood_by: bool, seconds: int, calls: int) -> None:
    """It may have led long ago, and does not call at noon what the other called at night."""
    first, second = beats
    second.back = DAY
    if stood_by:
        second.tick()
    first.close()
    with time_machine.travel(DUE + timedelta(seconds=seconds), tick=False):
        while second.tick() == 0:
            pass
    assert Beat.called["each night"] == calls


def test_a_redis_that_lost_everything_or_is_away_changes_nothing(beats, redis: Redis, monkeypatch) -> None:
    first, second = beats
    redis.flushdb()
    first.tick()
    assert second.tick() == STAND_BY_S
    away = Redis.from_url("redis://127.0.0.1:1/0").lock(LEADER)
    for each in beats:
        monkeypatch.setattr(each, "_lead", away)
    assert (first._leads(), second._leads()) == (True, False)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str], tuple[subprocess.Popen[bytes], Path]]]:
    """Start beats, each with a home of its own, by the command of docker-compose.yml."""
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> tuple[subprocess.Popen[bytes], Path]:
        home = tmp_path / name
        home.mkdir()
        known = os.environ | {"CARDFLEET_HOME": str(home), "CARDFLEET_EMBEDDED": "off", "REDIS_URL": REDIS_URL}
        known["PATH"] = f"{Path(sys.executable).parent}:{known['PATH']}"
        with (home / "log").open("wb") as log:
            running.append(subprocess.Popen(COMMAND, cwd=ROOT, env=known, stdout=log, stderr=log))
        return running[-1], home / "log"

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.broker
def test_of_two_processes_the_second_takes_over_when_the_first_is_killed(started, redis: Redis) -> None:
    """Issue 10: beat runs once although two are started."""
    both = [started("one"), started("two")]
    wait_until(lambda: any(LEADS in log.read_bytes() for _one, log in both), what="none leads")
    (first, _log), (_second, second_log) = sorted(both, key=lambda one: LEADS not in one[1].read_bytes())
    wait_until(lambda: b"this one stands by" in second_log.read_bytes(), what="the other does not stand by")
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=30)
    assert 0 < redis.pttl(LEADER) <= LEAD_S * 1000
    redis.pexpire(LEADER, 100)  # the rest of the lead, without the wait for it
    wait_until(lambda: LEADS in second_log.read_bytes(), what="the second does not take over")
    redis.delete("celery")
    wait_until(lambda: redis.llen("celery") > 0, what="nothing is called")
