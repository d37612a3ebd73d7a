"""The processes of the installation, each known by its id: started, killed (SIGKILL), started again, found well."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cardfleet.celery import app
from cardfleet.embedded import postgres, redis

BIN = Path(sys.executable).parent
CELERY = (str(BIN / "celery"), "--app=cardfleet", "--quiet")
COMMANDS = {
    "web": (str(BIN / "gunicorn"), "cardfleet.wsgi"),
    "worker": (*CELERY, "worker", "--concurrency=2", "--loglevel=INFO"),
    "beat": (*CELERY, "beat", "--loglevel=INFO"),
}
PATIENCE_S = 90


class Installation:
    """Web, worker, beat, Redis and PostgreSQL. What ends although nobody killed it is started again and counted."""

    def __init__(self, home: Path, *, web_workers: int) -> None:
        self.home = home
        self.web_workers = web_workers
        self.ended: Counter[str] = Counter()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._killed: set[str] = set()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Start all three beside the servers, which run already, and wait until all is well."""
        for name in COMMANDS:
            self._start(name)
        self._watcher.start()
        self.wait_until_well()

    def end(self) -> None:
        """End what runs, and what the dead left behind."""
        self._over.set()
        self._watcher.join()
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        for name in self._running:
            self._end_group(name)

    def kill(self, kind: str) -> Callable[[], None]:
        """Kill what a fault of this kind means, and return what brings it back."""
        return FAULTS[kind](self)

    def wait_until_well(self) -> None:
        """Wait until pages are served, the database answers, jobs are taken, and nothing is missing; RuntimeError."""
        give_up = time.monotonic() + PATIENCE_S
        while not self._is_well():
            if time.monotonic() > give_up:
                raise RuntimeError(f"not well again after {PATIENCE_S} s; the logs are in {self.home / 'log'}")
            time.sleep(0.1)

    def children(self, name: str) -> list[int]:
        """Return the ids of the processes that a process started."""
        pid = self._running[name].pid
        try:
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []

    def pid(self, name: str) -> int:
        """Return the id of a process."""
        return self._running[name].pid

    def _is_well(self) -> bool:
        all_run = all(process.poll() is None for process in self._running.values())
        return all_run and len(self.children("web")) >= self.web_workers and _is_ready() and _takes_jobs()

    def kill_process(self, name: str) -> Callable[[], None]:
        """Kill a main process; its children are left alone with themselves."""
        self._killed.add(name)
        self._running[name].kill()
        self._running[name].wait()
        return lambda: self._start(name)

    def kill_child(self, name: str) -> Callable[[], None]:
        """Kill the child of a process, which starts another by itself."""
        for child in self.children(name)[-1:]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return lambda: None

    def kill_redis(self) -> Callable[[], None]:
        """Kill Redis, with all that it held."""
        address = urlsplit(settings.REDIS_URL)
        os.kill(int((self.home / "redis" / "redis.pid").read_text()), signal.SIGKILL)
        return lambda: _insist(lambda: redis.start(self.home, port=address.port or 0))

    def kill_postgres(self) -> Callable[[], None]:
        """Kill PostgreSQL's first process, as a power cut would: it recovers from its write-ahead log."""
        port = int(settings.DATABASES["default"]["PORT"])
        pid = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        return lambda: _insist(lambda: postgres.start(self.home, port=port))

    def _start(self, name: str) -> None:
        """Start a process, after the children of its dead predecessor were ended: systemd and Docker do that, too."""
        self._end_group(name)
        with (self.home / "log" / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                COMMANDS[name], cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        self._running[name] = process
        self._killed.discard(name)

    def _end_group(self, name: str) -> None:
        """Kill what is left of a process and its children."""
        if name in self._running:
            with suppress(ProcessLookupError):
                os.killpg(self._running[name].pid, signal.SIGKILL)

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            for name, process in self._running.items():
                if process.poll() is not None and name not in self._killed:
                    self.ended[name] += 1
                    self._start(name)


FAULTS: dict[str, Callable[[Installation], Callable[[], None]]] = {
    "web": lambda all_: all_.kill_process("web"),
    "a worker process of the web": lambda all_: all_.kill_child("web"),
    "worker": lambda all_: all_.kill_process("worker"),
    "a child of the worker": lambda all_: all_.kill_child("worker"),
    "beat": lambda all_: all_.kill_process("beat"),
    "Redis": Installation.kill_redis,
    "PostgreSQL": Installation.kill_postgres,
}


def _is_ready() -> bool:
    try:
        with urllib.request.urlopen(f"{settings.SITE_URL}/readyz", timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _takes_jobs() -> bool:
    """Tell whether a worker answers over Redis."""
    try:
        return bool(app.control.ping(timeout=1))
    except (RedisError, OperationalError):
        return False


def _insist(start: Callable[[], object]) -> None:
    """Start a server whose dead predecessor may still have children that hold its memory or its port."""
    give_up = time.monotonic() + PATIENCE_S
    while True:
        try:
            start()
        except (SystemExit, OSError, Error):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
        else:
            connection.close()
            return
