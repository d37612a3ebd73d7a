"""Signs of life of the worker and of beat: keys in Redis that run out when nobody renews them.

They are written by the worker's main process and by beat's own loop, not by a task, so that a worker busy with
a long import still counts as alive.
"""

from typing import Any

from celery import bootsteps
from celery.beat import PersistentScheduler
from django.core.cache import cache

INTERVAL_S = 10
LATELY_S = 60


def beat(who: str) -> None:
    """Say that `worker` or `beat` is alive now."""
    cache.set(f"heartbeat:{who}", 1, timeout=LATELY_S)


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
    """Beat's scheduler, renewing its sign of life at every turn (settings.CELERY_BEAT_SCHEDULER)."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Return seconds to the next turn, never more than the interval."""
        beat("beat")
        return min(super().tick(*args, **kwargs), INTERVAL_S)
