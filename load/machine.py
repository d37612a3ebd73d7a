"""What the processes take while they are under load: memory of the web over time, processor time by kind."""

import os
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import Self

EVERY_S = 2
MB = 2**20
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
# Places in /proc/PID/stat behind the name (man 5 proc): parent, and time as user, system, and of children that ended.
PARENT, TIMES = 1, slice(11, 15)


@dataclass
class Watch:
    """Samples of the memory that some processes hold together: (seconds from the start, MB)."""

    processes: Callable[[], Collection[int]]
    memory: list[tuple[float, float]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def slope(self) -> float:
        """MB a minute over the second half, when what is kept on purpose has been kept."""
        late = self.memory[len(self.memory) // 2 :]
        if len(late) < 2:
            return 0.0
        times, sizes = zip(*late, strict=True)
        return 60 * linear_regression(times, sizes).slope

    def _watch(self) -> None:
        began = time.monotonic()
        while not self._over.wait(EVERY_S):
            held = sum(_resident(pid) for pid in self.processes())
            self.memory.append((time.monotonic() - began, held / MB))


def processor_s(parents: Mapping[str, int]) -> dict[str, float]:
    """Return the seconds of processor time that processes and their children have taken, by name."""
    stats = {int(path.parent.name): found for path in Path("/proc").glob("[0-9]*/stat") if (found := _stat(path))}
    taken = {}
    for name, parent in parents.items():
        mine = [stat for pid, stat in stats.items() if parent in (pid, int(stat[PARENT]))]
        taken[name] = sum(sum(map(int, stat[TIMES])) for stat in mine) / TICKS
    return taken


def _stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
