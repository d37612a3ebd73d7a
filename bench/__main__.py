"""Measure and print: `python -m bench [--scale 0.1] [--only G3,G5] [--rounds 5] [--keep]`.

A subject is a module with `MEASURES`: from the code of a figure (G3) to a function that takes a Bench and yields
Figures. List it in SUBJECTS, in the order of the size of fleet it asks for: the fleet only grows (`bench.data`).
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from bench import assessment, card_import, closing, dialling, exports, issuing, lists, pages, replays, usage
from bench.runner import Bench, Figure, processor_times, taken_away
from cardfleet.celery import app as celery_app

Measure = Callable[[Bench], Iterator[Figure]]
SUBJECTS: Sequence[Mapping[str, Measure]] = (
    assessment.MEASURES,
    lists.MEASURES,
    dialling.MEASURES,
    pages.MEASURES,
    exports.MEASURES,
    card_import.MEASURES,
    issuing.MEASURES,
    usage.MEASURES,
    closing.MEASURES,
    pages.TIMES,
    replays.MEASURES,  # last: its rollups have no records
)
DATABASE = "bench_cardfleet"
REDIS = 62  # of the 64 databases of the embedded Redis; the demo has 0, tests the next ones
RESULTS = Path(__file__).parent / "results.json"
SAID = {True: "met", False: "MISSED", None: ""}


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for, print the table, write results.json. Always 0: a bar that is missed is no error."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory() as folder, own_servers(keep=asked.keep):
        bench = Bench(scale=asked.scale, rounds=asked.rounds, folder=Path(folder))
        settings.MEDIA_ROOT = bench.folder / "files"
        figures = list(measure(bench, only=asked.only))
    sys.stdout.write("\n" + table(figures, scale=asked.scale, rounds=asked.rounds) + "\n")
    RESULTS.write_text(as_json(figures))
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size, as 0.1")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median is taken")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="figures, as G3,G5")
    parser.add_argument("--keep", action="store_true", help="keep the database, and work on the one that was kept")
    return parser.parse_args(arguments)


def measure(bench: Bench, *, only: Sequence[str] = ()) -> Iterator[Figure]:
    """Take the figures in the order of the subjects; what goes on is told on the error stream."""
    for subject in SUBJECTS:
        for code, taken in subject.items():
            if not only or code in only:
                begin, before = time.monotonic(), processor_times()
                for figure in taken(bench):
                    sys.stderr.write(f"{row(figure)}\n")
                    yield figure
                sys.stderr.write(f"{code} took {time.monotonic() - begin:.0f} s{taken_away(before)}\n")


@contextmanager
def own_servers(*, keep: bool) -> Iterator[None]:
    """Work in a database and a Redis database of one's own, on the servers of this checkout."""
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    name = connection.settings_dict["NAME"]
    base = settings.REDIS_URL.rpartition("/")[0]
    settings.REDIS_URL = settings.CELERY_BROKER_URL = settings.CACHES["default"]["LOCATION"] = f"{base}/{REDIS}"
    celery_app.conf.broker_url = settings.REDIS_URL
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
    cache.clear()
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0, keepdb=keep)


def row(figure: Figure) -> str:
    """Return a figure as a line of the table."""
    at = {"max": "at most", "min": "at least"}[figure.direction]
    bar = f"{at} {figure.bar:g}" if figure.bar is not None else "printed"
    spread = f"{figure.low:.2f}-{figure.high:.2f}" if figure.low is not None and figure.high is not None else ""
    value = f"{figure.value:.2f} {figure.unit}"
    return f"{figure.name:<58} {bar:<14} {value:>14} {spread:>15}  {SAID[figure.ok]:<7} {figure.note}".rstrip()


def table(figures: Sequence[Figure], *, scale: float, rounds: int) -> str:
    """Return the whole table."""
    head = f"{'figure':<58} {'bar':<14} {'measured':>14} {'min-max':>15}"
    missed = sum(figure.ok is False for figure in figures)
    last = f"scale {scale:g}, {rounds} rounds; {len(figures)} figures, {missed} missed"
    return "\n".join([head, *map(row, figures), last])


def as_json(figures: Sequence[Figure]) -> str:
    """Return the figures for programs."""
    named = ("name", "value", "unit", "bar", "direction")
    rows = [{**{key: asdict(figure)[key] for key in named}, "ok": figure.ok} for figure in figures]
    return json.dumps({"figures": rows}, indent=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
