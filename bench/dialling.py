"""C1: `can-call` as a dialler asks it: the server as shipped, connections kept alive, so many requests a second.

The loop is open: a request is due by the clock whether or not those before it were answered, and its time runs from
the moment it was due, so that a server that stands still is not asked less.
"""

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from django.conf import settings
from django.db import connection
from django.utils import timezone

from agents.choices import ListingKind
from agents.rules.callees import Entry
from agents.services.callees import list_number
from bench import data
from bench.runner import Bench, Figure
from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import issue_token
from cards.choices import CustodyState
from cards.models import Card

CARDS, CALLS = 100_000, 1_000_000
RATE, CONNECTIONS, SECONDS = 200, 16, 15
BAR_MS = 20
CALLEES = [f"+8613900{number:06d}" for number in range(200)]
ROOT = Path(__file__).parent.parent
PATIENCE_S = 60


@dataclass
class Run:
    """What a run found: milliseconds from due to answered, and answers that were none."""

    waited: list[float] = field(default_factory=list)
    failed: int = 0
    took_s: float = 0.0


def can_call(bench: Bench) -> Iterator[Figure]:
    """C1: may this card call this callee, 200 times a second."""
    data.cards(bench.scaled(CARDS, least=200))
    data.calls(bench.scaled(CALLS, least=1000))
    token, _expiry = issue_token(person=data.person(Role.SUPERVISOR), now=timezone.now())
    paths = _paths(bench)
    data.settle()
    seconds = max(0.5, min(SECONDS, SECONDS * bench.scale * 10))
    with served() as (port, pid):
        ask = Asking(port, token, paths)
        asyncio.run(ask.run(seconds=min(2, seconds)))
        before = _processor_s(pid)
        runs = [asyncio.run(ask.run(seconds=seconds)) for _round in range(bench.rounds)]
        spent = _processor_s(pid) - before
    p99 = [percentile(run.waited, 99) for run in runs]
    p50 = [percentile(run.waited, 50) for run in runs]
    rate = median(len(run.waited) / run.took_s for run in runs)
    note = f"{CONNECTIONS} connections, {rate:.0f}/s answered, {sum(run.failed for run in runs)} failed"
    each = spent * 1000 / sum(len(run.waited) for run in runs)
    yield Figure(name="C1 can-call: processor time of a request, web alone", value=each, unit="ms")
    yield Figure(name="C1 can-call at 200/s: p50", value=median(p50), unit="ms", low=min(p50), high=max(p50))
    spread = {"low": min(p99), "high": max(p99)}
    yield Figure(name="C1 can-call at 200/s: p99", value=median(p99), unit="ms", bar=BAR_MS, note=note, **spread)


def percentile(waited: Sequence[float], share: int) -> float:
    """Return the value below which so many per cent lie."""
    return quantiles(waited, n=100)[share - 1]


def _paths(bench: Bench) -> list[str]:
    """Return what is asked: cards in use in turns with callees, one in two of whom agreed."""
    now = timezone.now()
    for number in CALLEES[::2]:
        given = now - timedelta(days=1)
        entry = Entry(kind=ListingKind.CONSENT, number=number, source="form", given_at=given, purpose="sales")
        list_number(entry=entry, actor=None, now=now)
    held = Card.objects.filter(custody_state=CustodyState.ISSUED).order_by("pk")
    cards = list(held.values_list("pk", flat=True)[: bench.scaled(20_000, least=100)])
    chance = random.Random(data.SEED)  # noqa: S311 - the same draw each time, nothing secret
    callees = [number.replace("+", "%2B") for number in CALLEES]
    return [f"/api/v1/cards/{chance.choice(cards)}/can-call/?callee={chance.choice(callees)}" for _ in range(5000)]


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Serve the site by gunicorn as it is shipped, on a free port of loopback; yield the port and its process."""
    at = connection.settings_dict
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    changed = {
        "DATABASE_URL": f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    command = [str(Path(sys.executable).parent / "gunicorn"), "cardfleet.wsgi"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **changed}, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server)
            yield port, server.pid
        finally:
            server.terminate()


def _processor_s(parent: int) -> float:
    """Return the processor seconds that the workers of a server have taken; nothing where the system does not tell."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12]) if int(fields[1]) == parent else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


class Asking:
    """Asks paths in turn over connections that stay open."""

    def __init__(self, port: int, token: str, paths: Sequence[str]) -> None:
        self.port = port
        self.paths = paths
        self.head = f"Host: 127.0.0.1\r\nAuthorization: Token {token}\r\nConnection: keep-alive\r\n\r\n"

    async def run(self, *, seconds: float) -> Run:
        """Ask for so long."""
        found, due = Run(), iter(range(round(seconds * RATE)))
        begin = time.perf_counter() + 0.1
        await asyncio.gather(*(self._connection(due, begin, found) for _ in range(CONNECTIONS)))
        found.took_s = time.perf_counter() - begin
        return found

    async def _connection(self, due: Iterator[int], begin: float, found: Run) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for number in due:
            moment = begin + number / RATE
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            if writer.is_closing() or reader.at_eof():
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(f"GET {self.paths[number % len(self.paths)]} HTTP/1.1\r\n{self.head}".encode())
            found.failed += not await self._answered(reader)
            found.waited.append((time.perf_counter() - moment) * 1000)
        writer.close()

    async def _answered(self, reader: asyncio.StreamReader) -> bool:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        except asyncio.IncompleteReadError:
            return False
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        return "allowed" in json.loads(await reader.readexactly(length))


MEASURES = {"C1": can_call}
