"""Signs of life of the worker and of beat: keys in Redis that run out when nobody renews them.

They are written by the worker's main process and by beat's own loop, not by a task, so that a worker busy with
a long import still counts as alive.
"""

from datetime import timedelta
from typing import Any

import structlog
from celery import bootsteps
from celery.beat import PersistentScheduler
from django.core.cache import cache
from redis.exceptions import RedisError

log = structlog.get_logger("cardfleet.heartbeat")

INTERVAL_S = 10
LATELY_S = 60
# What ran later than now by more than this ran before the clock was put back.
AHEAD = timedelta(seconds=5)


def beat(who: str) -> None:
    """Say that `worker` or `beat` is alive now. Without Redis nobody hears it, which ends neither of them."""
    try:
        cache.set(f"heartbeat:{who}", 1, timeout=LATELY_S)
    except RedisError:
        log.warning("no sign of life: Redis does not answer", who=who)


def seen(who: str) -> bool:
    """Tell whether `worker` or `beat` said so within the last minute."""
    return cache.get(f"heartbeat:{who}") is not None


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Renews the worker's sign of life while its main process runs."""

    requires = ("celery.worker.components:Timer",)
    _timer: Any = None

    def start(self, parent: Any) -> None:
        """Say it at once, and then on the worker's own timer."""
        beat("worker")
        self._timer = parent.timer.call_repeatedly(INTERVAL_S, beat, ("worker",))

    def stop(self, parent: Any) -> None:
        """Leave the key to run out."""
        if self._timer is not None:
            self._timer.cancel()


class WatchedScheduler(PersistentScheduler):
    """Beat's scheduler (settings.CELERY_BEAT_SCHEDULER): shows signs of life, and follows a clock that is put back."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Return seconds to the next turn, never more than the interval."""
        beat("beat")
        self._follow_clock()
        return min(super().tick(*args, **kwargs), INTERVAL_S)

    def _follow_clock(self) -> None:
        """Let what ran in what is the future by now run from now on: else nothing would run until then."""
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now + AHEAD]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            log.warning("the clock was put back", jobs=len(ahead))
            self._heap = None
