"""The other ends fail, too: the mail server and the receiver of webhooks, each by its own draw, beside the kills.

A failure lasts until something ran into it, and is over when all that ran into it has got through. So that nobody waits
for clocks, the work that sends is called out every few seconds, beside beat, and what rests between tries is due again
as soon as the other end is well; claims of workers that died meanwhile are made older, as after the faults.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import Error, connection
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cardfleet.jobs.tasks import run_scheduled
from cardfleet.notify.models import Message
from cardfleet.webhooks.models import Delivery
from chaos.faults import DOWN_S, Fault
from chaos.processes import PATIENCE_S
from chaos.quiet import age_claims
from chaos.receivers import HOOK_WAYS, MAIL_WAYS, End

Answer = TypeVar("Answer")
PAUSE_S = (0.2, 2.0)
CALLED_EVERY_S = 3
# Nothing was on its way in this time, because what makes it was itself away: another moment will do.
MET_WITHIN_S = 60


@dataclass(frozen=True, kw_only=True)
class Other:
    """An other end: how it can fail, the work that calls it, what is sent there, and the attempts of that."""

    name: str
    ways: Sequence[str]
    work: str
    sent: Callable[[], "QuerySet[Any]"]
    attempts: str


MAIL = Other(
    name="mail server",
    ways=MAIL_WAYS,
    work="deliver_notifications",
    sent=Message.objects.all,
    attempts="deliveries",
)
HOOK = Other(
    name="receiver",
    ways=HOOK_WAYS,
    work="deliver_webhooks",
    sent=Delivery.objects.all,
    attempts="attempts",
)
NAMES = tuple(f"{other.name} {way}" for other in (MAIL, HOOK) for way in other.ways)


class Trouble(threading.Thread):
    """Lets one other end fail again and again, in each way once before any comes again, until told to end."""

    def __init__(self, other: Other, end: End, *, seed: int, say: Callable[[str], None]) -> None:
        super().__init__(name=other.name, daemon=True)
        self.faults: list[Fault] = []
        self.unwell: list[str] = []
        self._other, self._end, self._say = other, end, say
        self._chance = random.Random(f"{other.name} {seed}")  # noqa: S311 - a draw that can be made again
        self._over = threading.Event()
        self._called = 0.0

    def end(self) -> None:
        """Let each way have its turn once, begin nothing after that, and wait until all is well."""
        self._over.set()
        self.join()
        if len(self.faults) < len(self._other.ways):
            self.unwell.append(f"{self._other.name}: it failed {len(self.faults)} times only, see above")

    def run(self) -> None:
        """Fail as drawn."""
        ways, waiting, turns = list(self._other.ways), list[str](), 0
        while turns < len(ways) or not self._over.is_set():
            waiting = waiting or self._chance.sample(ways, len(ways))
            time.sleep(self._chance.uniform(*PAUSE_S))
            self._fail(waiting.pop(), down_s=self._chance.uniform(*DOWN_S))
            turns += 1
        connection.close()

    def _fail(self, way: str, *, down_s: float) -> None:
        name, before, began = f"{self._other.name} {way}", self._insist(self._failures), time.monotonic()
        self._end.fail(way)
        met = self._wait(lambda: self._failures() > before, MET_WITHIN_S)
        time.sleep(down_s)
        self._end.mend()
        away_s = time.monotonic() - began
        if not met:
            self.unwell.append(f"{name}: nothing ran into it within {MET_WITHIN_S} s")
        elif not self._wait(self._is_well, PATIENCE_S):
            self.unwell.append(f"{name}: what ran into it had not got through {PATIENCE_S} s later")
        fault = Fault(kinds=(name,), down_s=away_s, well_s=time.monotonic() - began)
        self.faults.append(fault)
        self._say(f"{name} for {fault.down_s:.1f} s, well after {fault.well_s:.1f} s")

    def _failures(self) -> int:
        return self._ran_into_it().count()

    def _ran_into_it(self) -> "QuerySet[Any]":
        return self._other.sent().filter(**{f"{self._other.attempts}__ok": False})

    def _is_well(self) -> bool:
        """Tell whether all that failed got through since; what rests is due now, what the dead hold soon."""
        age_claims()
        waiting = self._other.sent().filter(pk__in=self._ran_into_it().values("pk"), state__in=("pending", "sending"))
        waiting.filter(state="pending", due_at__gt=timezone.now()).update(due_at=timezone.now())
        return not waiting.exists()

    def _wait(self, is_so: Callable[[], bool], most_s: float) -> bool:
        """Wait until it is so, and meanwhile call out the work that sends; tell whether it came to that."""
        give_up = time.monotonic() + most_s
        while not self._insist(is_so):
            if time.monotonic() > give_up:
                return False
            self._call_out()
            time.sleep(0.2)
        return True

    def _call_out(self) -> None:
        if time.monotonic() < self._called + CALLED_EVERY_S:
            return
        self._called = time.monotonic()
        try:
            run_scheduled.apply_async((self._other.work,), expires=CALLED_EVERY_S, retry=False)
        except (RedisError, OperationalError):
            return

    def _insist(self, ask: Callable[[], Answer]) -> Answer:
        """Ask the database until it answers: it may be killed meanwhile."""
        while True:
            try:
                return ask()
            except Error:
                connection.close()
                time.sleep(0.2)
