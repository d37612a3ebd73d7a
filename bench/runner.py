"""How figures are taken: sides in turns within each round after a warm-up, medians, memory, query counts."""

import gc
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import linear_regression, median
from typing import Literal

from django.db import connection
from django.test.utils import CaptureQueriesContext

Work = Callable[[], object]
PAUSE_S = 0.005
PAGE = os.sysconf("SC_PAGE_SIZE")
STAT = Path("/proc/stat")
# Places in its first line (man 5 proc): idle and waiting for a disk; kept waiting by the host.
RESTED, STOLEN = (3, 4), 7


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the table. `direction` max: at most `bar`; min: at least. Without a bar it is only printed."""

    name: str
    value: float
    unit: str = "x"
    bar: float | None = None
    direction: Literal["max", "min"] = "max"
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.bar is None:
            return None
        return self.value <= self.bar if self.direction == "max" else self.value >= self.bar


@dataclass(frozen=True)
class Bench:
    """What a measure is given: how much of the full size to work on, how many rounds, where files may lie."""

    scale: float
    rounds: int
    folder: Path

    @property
    def times(self) -> int:
        """How often something short is done in a round."""
        return 15 if self.rounds > 1 else 1

    def scaled(self, full: int, *, least: int = 1) -> int:
        """Return a number of rows at this scale."""
        return max(least, round(full * self.scale))


@dataclass(frozen=True)
class Ratio:
    """How many times the floor the product took, round by round, and the median seconds of both."""

    rounds: Sequence[float]
    product_s: float
    floor_s: float

    def figure(self, name: str, *, bar: float | None, direction: Literal["max", "min"] = "max") -> Figure:
        """Return it as a line of the table."""
        return Figure(
            name=name,
            value=median(self.rounds),
            bar=bar,
            direction=direction,
            low=min(self.rounds),
            high=max(self.rounds),
            note=f"{told(self.product_s)} : {told(self.floor_s)}",
        )


def take_turns(sides: Mapping[str, Work], *, rounds: int, times: int = 1, warm_up: int = 1) -> dict[str, list[float]]:
    """Return the median seconds of each side in each round; within a round the sides take turns, `times` each."""
    for work in sides.values():
        for _time in range(warm_up):
            work()
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        gc.collect()
        seconds: dict[str, list[float]] = {name: [] for name in sides}
        for _time in range(times):
            for name, work in sides.items():
                seconds[name].append(clocked(work))
        for name in sides:
            taken[name].append(median(seconds[name]))
    return taken


def against(taken: Mapping[str, Sequence[float]], product: str, floor: str) -> Ratio:
    """Return one side beside another."""
    rounds = [mine / theirs for mine, theirs in zip(taken[product], taken[floor], strict=True)]
    return Ratio(rounds, median(taken[product]), median(taken[floor]))


def clocked(work: Work) -> float:
    """Return the seconds that some work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def processor_times() -> Sequence[int]:
    """Return what the processors have spent on what since the start, as Linux counts it; nothing elsewhere."""
    return [int(spent) for spent in STAT.read_text().splitlines()[0].split()[1:]] if STAT.exists() else []


def taken_away(before: Sequence[int]) -> str:
    """Tell which share of the work the host of a virtual machine kept waiting meanwhile: times by the clock suffer."""
    spent = [now - then for now, then in zip(processor_times(), before, strict=True)]
    if len(spent) <= STOLEN:
        return ""
    worked = sum(spent[:STOLEN]) - sum(spent[part] for part in RESTED)
    return f"; the host kept {spent[STOLEN] / max(1, worked + spent[STOLEN]):.0%} of the work waiting"


def growth_exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the power of the size by which the time grows: 1 is in proportion (the slope between logarithms)."""
    return linear_regression([log(size) for size in sizes], [log(took) for took in seconds]).slope


def growth(name: str, exponents: Sequence[float]) -> Figure:
    """Return the figure of an exponent measured several times."""
    low, high = min(exponents), max(exponents)
    return Figure(name=name, value=median(exponents), unit="", bar=1.1, low=low, high=high)


def queries(work: Work) -> int:
    """Return how many statements some work sends."""
    with CaptureQueriesContext(connection) as sent:
        work()
    return len(sent)


def growth_mb(work: Work) -> float:
    """Return by how many MB the process grew beyond where it stood while some work was done."""
    gc.collect()
    before = resident_mb()
    with _watched() as peak:
        work()
    return max(0.0, peak[0] - before)


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Watch the process' size from a thread of its own; the highest is in the list when the block ends."""
    peak, done = [resident_mb()], threading.Event()

    def watch() -> None:
        while not done.wait(PAUSE_S):
            peak[0] = max(peak[0], resident_mb())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
        peak[0] = max(peak[0], resident_mb())


def resident_mb() -> float:
    """Return the memory the process holds now; where the system does not tell, the most it ever held."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def told(seconds: float) -> str:
    """Return a time as people read it."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
