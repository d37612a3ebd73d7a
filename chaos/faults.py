"""Which processes are killed, when, and for how long: all by a seed."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PAUSE_S = (1.0, 6.0)
DOWN_S = (0.2, 4.0)
TWO_AT_ONCE = 0.25


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What was killed at once, how long it stayed away, and how long until all was well again, in seconds."""

    kinds: tuple[str, ...]
    down_s: float
    well_s: float


def inject(
    kinds: list[str],
    *,
    seed: int,
    seconds: float,
    kill: Callable[[str], Callable[[], None]],
    wait_until_well: Callable[[], None],
) -> Iterator[Fault]:
    """Kill for so long, each kind once before any comes again, now and then two at once; yield each fault."""
    chance = random.Random(seed)  # noqa: S311 - a draw that can be made again is what is wanted
    end, waiting = time.monotonic() + seconds, list[str]()
    while time.monotonic() < end:
        time.sleep(chance.uniform(*PAUSE_S))
        if len(waiting) < 2:
            waiting += chance.sample(kinds, len(kinds))
        wanted = [waiting.pop(0)]
        if chance.random() < TWO_AT_ONCE and waiting[0] not in wanted:
            wanted.append(waiting.pop(0))
        began = time.monotonic()
        back = [kill(kind) for kind in wanted]
        down_s = chance.uniform(*DOWN_S)
        time.sleep(down_s)
        for start in back:
            start()
        wait_until_well()
        yield Fault(kinds=tuple(wanted), down_s=down_s, well_s=time.monotonic() - began)
