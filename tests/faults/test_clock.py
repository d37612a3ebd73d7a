"""A clock that jumps: beat goes on within a minute, however far back, and what was passed over is called out once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from celery.schedules import crontab

from cardfleet.celery import app
from cardfleet.kernel.heartbeat import INTERVAL_S, WatchedScheduler

NOON = datetime(2026, 11, 20, 4, 0, 5, tzinfo=UTC)


class Beat(WatchedScheduler):
    """Beat's scheduler with two jobs, which counts instead of calling a worker."""

    called: Counter[str]

    def setup_schedule(self) -> None:
        """Open the store, with nothing of the product's in it."""
        super().setup_schedule()
        self.schedule.clear()
        self.update_from_dict(
            {
                "each minute": {"task": "tests.minute", "schedule": crontab(app=self.app)},
                "each night": {"task": "tests.night", "schedule": crontab(hour=3, minute=30, app=self.app)},
            }
        )

    def apply_async(self, entry, *_args, **_options) -> None:
        """Count."""
        self.called[entry.name] += 1


@pytest.fixture
def beat(tmp_path: Path):
    """Beat, started at noon in Shanghai."""
    with time_machine.travel(NOON, tick=False) as clock:
        Beat.called = Counter()
        running = Beat(app=app, schedule_filename=str(tmp_path / "beat"))
        yield running, clock
        running.close()


def turns(beat: Beat, clock, *, seconds: int) -> Counter[str]:
    """Let beat turn for so long, and return what it called."""
    beat.called.clear()
    for _turn in range(0, seconds, 5):
        while beat.tick() == 0:
            pass
        clock.shift(5)
    return Counter(beat.called)


def test_a_clock_that_stands_right(beat) -> None:
    running, clock = beat
    assert turns(running, clock, seconds=180)["each minute"] == 3


@pytest.mark.parametrize("back", [timedelta(minutes=3), timedelta(hours=1), timedelta(days=2)])
def test_a_clock_that_is_put_back_keeps_nothing_waiting(beat, back: timedelta) -> None:
    """Jobs of each minute go on in the next one, not when the clock is where it was."""
    running, clock = beat
    turns(running, clock, seconds=120)
    clock.shift(-back)
    assert turns(running, clock, seconds=120)["each minute"] in (2, 3)
    assert running.tick() <= INTERVAL_S


def test_a_clock_that_is_put_forward_calls_what_was_passed_over_once(beat) -> None:
    """A night that was skipped is made up for; two hundred minutes are not."""
    running, clock = beat
    turns(running, clock, seconds=120)
    clock.shift(timedelta(hours=20))
    called = turns(running, clock, seconds=60)
    assert called["each night"] == 1
    assert called["each minute"] in (1, 2)
