"""A trial: the stage, everybody at work against the web as it ships, and what is printed of it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench import data
from bench.runner import processor_times, taken_away
from cardfleet import embedded
from chaos.processes import Installation
from load.asked import Asked
from load.machine import Watch, processor_s
from load.stage import build, migrate

P95_MS = 300
# MB a minute of all processes of the web together.
FLAT_MB = 1.0
# Shorter runs tell nothing of memory.
FLAT_FROM_MINUTES = 5
# A p95 of fewer is that of one or two requests.
ENOUGH = 100
WARM_UP_S = 60
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Found:
    """What a trial found: rows by page, last that of all; errors, memory over time, processor seconds by kind.

    `before` is how many requests the warm-up took, in which only errors, memory and processor are counted.
    """

    seconds: float
    before: int
    pages: Sequence[Mapping[str, Any]]
    errors: Sequence[str]
    memory: Sequence[tuple[float, float]]
    slope: float
    processor: Mapping[str, float]
    ended: Mapping[str, int]
    stolen: str


def run(asked: Asked, *, home: Path) -> int:
    """Run it and print the tables; 1 where a bar is missed."""
    # Told to end, it ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        _say("the stage ...")
        migrate()
        people = build(cards=asked.cards, calls=asked.calls, supervisors=asked.supervisors, agents=asked.agents)
        data.settle()
        connection.close()
        file = home / "people.json"
        file.write_text(json.dumps([asdict(person) for person in people]))
        installation = Installation(home, web_workers=asked.web)
        try:
            installation.start()
            _say(f"{len(people)} people at work ...")
            found = _measured(installation, asked, home)
        finally:
            installation.end()
    finally:
        connection.close()
        embedded.stop(home)
    missed = list(misses(found, asked))
    sys.stdout.write("\n".join([*_told(found), "", *_judged(missed, asked)]) + "\n")
    return int(bool(missed))


def _measured(installation: Installation, asked: Asked, home: Path) -> Found:
    seconds = asked.minutes * 60
    told = home / "told.json"
    command = [sys.executable, "-m", "load.generator", str(home / "people.json"), str(told)]
    options = {"--address": settings.SITE_URL, "--warm-up": str(min(WARM_UP_S, seconds / 2)), "--seconds": str(seconds)}
    if asked.generator_core is not None:
        options["--core"] = str(asked.generator_core)
    kinds = {name: installation.pid(name) for name in ("web", "worker", "beat")}
    kinds |= {
        "PostgreSQL": int((home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0]),
        "Redis": int((home / "redis" / "redis.pid").read_text()),
    }
    before, host_before = processor_s(kinds), processor_times()
    with Watch(lambda: installation.children("web")) as watch:
        subprocess.run([*command, *(word for option in options.items() for word in option)], cwd=ROOT, check=True)
    after = processor_s(kinds)
    said = json.loads(told.read_text())
    return Found(
        seconds=said["seconds"],
        before=said["before"],
        pages=said["pages"],
        errors=said["errors"],
        memory=watch.memory,
        slope=watch.slope,
        processor={name: after[name] - before[name] for name in kinds},
        ended=installation.ended,
        stolen=taken_away(host_before),
    )


def misses(found: Found, asked: Asked) -> Iterator[str]:
    """Yield each bar that is missed, as a sentence."""
    *pages, total = found.pages
    if not total["asked"]:
        yield "nobody was answered"
    if found.errors:
        yield f"errors: {total['failed']} of {total['asked']}"
    for page in (*pages, total):
        if page["asked"] >= ENOUGH and page["p95"] >= P95_MS:
            yield f"{page['name']}: p95 {page['p95']:.0f} ms of {P95_MS}"
    if asked.minutes >= FLAT_FROM_MINUTES and found.slope > FLAT_MB:
        yield f"memory grew by {found.slope:.1f} MB a minute of {FLAT_MB:g}"
    if found.ended:
        yield f"ended by themselves: {dict(found.ended)}"


def _told(found: Found) -> Iterator[str]:
    *pages, total = found.pages
    yield f"{'':<48} {'asked':>7} {'p50':>6} {'p95':>6} {'p99':>6} {'most':>6}  ms"
    for page in [*sorted(pages, key=lambda page: page["name"]), total]:
        times = " ".join(f"{page[key]:>6.0f}" for key in ("p50", "p95", "p99", "most"))
        yield f"{page['name']:<48} {page['asked']:>7} {times}"
    yield ""
    yield f"{total['asked'] / found.seconds:.0f} requests a second, {total['failed']} of {total['asked']} failed"
    yield from (f"     {error}" for error in found.errors[:10])
    spent = sum(found.processor.values())
    shares = ", ".join(f"{name} {taken / spent:.0%}" for name, taken in found.processor.items())
    each = 1000 * spent / max(1, found.before + total["asked"])
    yield f"processor: {spent / found.memory[-1][0]:.0%} of one, {each:.0f} ms a request; {shares}{found.stolen}"
    step = max(1, len(found.memory) // 10)
    yield f"memory of the web, MB: {' '.join(f'{size:.0f}' for _at, size in found.memory[::step])}"
    yield f"     {found.slope:+.2f} a minute over the second half"


def _judged(missed: Sequence[str], asked: Asked) -> Iterator[str]:
    yield from (f"MISSED {sentence}" for sentence in missed)
    if not missed:
        yield "all bars are met"
    yield (
        f"{asked.supervisors} supervisors, {asked.agents} agents, {asked.cards} cards, {asked.calls} calls, "
        f"{asked.web} processes of the web; --minutes {asked.minutes:g}"
    )


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
