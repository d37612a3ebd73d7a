"""Signs of life of the worker and of beat, keys in Redis that run out when nobody renews them; who leads of two beats.

They are written by the worker's main process and by beat's own loop, not by a task, so that a worker busy with
a long import still counts as alive.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from celery import bootsteps
from celery.beat import PersistentScheduler
from django.conf import settings
from django.core.cache import cache
from redis import Redis
from redis.exceptions import LockError, RedisError

log = structlog.get_logger("cardfleet.heartbeat")

INTERVAL_S = 5
LATELY_S = 60
# The lead runs out unless it is renewed; who stands by tries so often.
LEADER = "beat:leader"
LEAD_S = 15
STAND_BY_S = 2
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
    """Beat's scheduler (settings.CELERY_BEAT_SCHEDULER): shows signs of life, and follows a clock that is put back.

    Of several that are started one leads: it holds a lock in Redis and renews it at each turn. The others stand by and
    try to take it every few seconds, so that one of them leads soon after the leader died, hung or lost its network.
    Should two call the same job once at that moment, no harm is done: every job may run twice.
    """

    _store: Any

    def __init__(self, *args: Any, lazy: bool = False, **kwargs: Any) -> None:
        # Only who leads opens the schedule, at its first turn: its file may be shared with who stands by.
        super().__init__(*args, lazy=True, **kwargs)
        self._redis = Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=LEAD_S / 3)
        self._lead = self._redis.lock(LEADER, timeout=LEAD_S, thread_local=False)
        self._stood_by = False

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Return seconds to the next turn, never more than the interval."""
        beat("beat")
        if not self._leads():
            self._stand_by()
            return STAND_BY_S
        if self._store is None:
            self._take_over()
        self._follow_clock()
        return min(super().tick(*args, **kwargs), INTERVAL_S)

    def close(self) -> None:
        """Store the schedule, and let another lead at once."""
        super().close()
        with suppress(RedisError):
            self._lead.release()

    def _leads(self) -> bool:
        """Renew the lead or take it. While Redis is away nothing changes: no call reaches a worker."""
        try:
            return self._renews() or bool(self._lead.acquire(blocking=False))
        except RedisError:
            return self._store is not None

    def _renews(self) -> bool:
        try:
            return bool(self._lead.reacquire())
        except LockError:
            return False

    def _stand_by(self) -> None:
        if self._store is not None:
            super().close()
            self._store = self._heap = None
        if not self._stood_by:
            log.info("another beat leads, this one stands by")
        self._stood_by = True

    def _take_over(self) -> None:
        """Open the schedule. After another led, only what fell due since that one died is called at once."""
        self.setup_schedule()
        if self._stood_by:
            since = self.app.now() - timedelta(seconds=LEAD_S + STAND_BY_S)
            for entry in self.schedule.values():
                entry.last_run_at = max(entry.last_run_at or since, since)
        self._stood_by = False
        log.info("this beat leads")

    def _follow_clock(self) -> None:
        """Let what ran in what is the future by now run from now on: else nothing would run until then."""
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > now + AHEAD]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            log.warning("the clock was put back", jobs=len(ahead))
            self._heap = None
