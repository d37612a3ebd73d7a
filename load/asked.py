"""What a trial under load is asked for."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """The size of the company, how long it works, and the web's processes; processors, None where there is but one."""

    minutes: float
    cards: int
    calls: int
    supervisors: int
    agents: int
    web: int
    server_core: int | None
    generator_core: int | None


def read(arguments: Sequence[str]) -> Asked:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m load")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long it is measured, after a warm-up")
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=1_000_000, help="of the last 30 days")
    parser.add_argument("--supervisors", type=int, default=300, help="each acts every 20 seconds")
    parser.add_argument("--agents", type=int, default=5_000, help="each opens a page every two minutes")
    parser.add_argument("--web", type=int, default=3, help="processes of the web, as WEB_WORKERS")
    cores = _cores()
    return Asked(**vars(parser.parse_args(arguments)), server_core=cores[0], generator_core=cores[1])


def _cores() -> tuple[int | None, int | None]:
    """Return a processor for the server and another for the generator; none where the system cannot tell or has one."""
    if not hasattr(os, "sched_setaffinity"):
        return None, None
    first, second, *_more = [*sorted(os.sched_getaffinity(0)), None, None]
    return (first, second) if second is not None else (None, None)
