"""G1, G1c, G1d: the import of call records, by the job a worker does, beside a bare COPY of the same file."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.files import File
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from bench import data
from bench.runner import Bench, Figure, Ratio, clocked
from bench.usage_peers import by_bulk_create, by_import_export
from billing.models import UsageBatch, UsageRecord, UsageSource
from billing.services import rollups, usage_import
from billing.services.partitions import ensure_partitions
from billing.services.usage_requests import Delivery, request_import
from cardfleet.accounts.choices import Role
from cardfleet.jobs.tasks import run_job
from cardfleet.kernel.clock import business_day

CARDS, HELD, FILE = 100_000, 10_000_000, 500_000
CALLING = 10_000  # cards whose calls the file holds: 10,000 agents make up to 5 million calls a day
HEADER = "msisdn,started_at,direction,counterpart,duration_s,fee,uid"
# Calls in the order of their time, of cards in no order, each number of a call always the same call.
ROWS = """
COPY (SELECT '138' || lpad((1 + {card})::text, 8, '0') AS msisdn,
    to_char('{day} 09:00'::timestamp + {second} * interval '1 second', 'YYYY-MM-DD HH24:MI:SS') AS started_at,
    CASE WHEN {way} = 0 THEN 'in' ELSE 'out' END AS direction,
    '139' || lpad({callee}::text, 8, '0') AS counterpart,
    CASE WHEN {answered} < 60 THEN 1 + {length} ELSE 0 END AS duration_s,
    to_char({length} * 0.0025, 'FM990.00') AS fee, md5('{day}' || g) AS uid
FROM generate_series({first}, {last}) AS g ORDER BY 2) TO STDOUT WITH (FORMAT csv)
"""
FLOOR = """
CREATE TABLE bench_usage (msisdn text, started_at timestamptz, direction text, counterpart text,
    duration_s integer, fee numeric(10, 2), uid uuid)
"""
ONCE = "CREATE UNIQUE INDEX bench_usage_once ON bench_usage (msisdn, started_at, uid)"


@dataclass
class Times:
    """Seconds by what was done, round by round."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def ratio(self, product: str, floor: str) -> Ratio:
        """Return one side beside another, by rounds."""
        mine, theirs = self.seconds[product], self.seconds[floor]
        rounds = [a / b for a, b in zip(mine, theirs, strict=True)]
        return Ratio(rounds, sorted(mine)[len(mine) // 2], sorted(theirs)[len(theirs) // 2])


def usage_file(folder: Path, name: str, *, days: list[date], first: int, rows: int, cards: int) -> Path:
    """Write the calls numbered from `first` on of so many cards, spread evenly over the days, in the generic form."""
    path = folder / f"{name}.csv"
    share = rows // len(days)
    with path.open("wb") as file, connection.cursor() as cursor:
        file.write(f"{HEADER}\n".encode())
        for place, day in enumerate(days):
            begin = first + place * share
            cursor.copy_expert(ROWS.format(day=day, first=begin, last=begin + share - 1, **_dice(cards)), file)
    return path


def _dice(cards: int) -> dict[str, str]:
    sides = {"card": cards, "second": 39_600, "way": 20, "callee": 10_000_000, "answered": 100, "length": 300}
    return {name: data.dice("g", 30 + salt, count) for salt, (name, count) in enumerate(sides.items())}


def raw_copy(path: Path) -> float:
    """Return the seconds that COPY takes for the file into an empty table with one unique index."""
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute("DROP TABLE IF EXISTS bench_usage")
        cursor.execute(FLOOR)
        cursor.execute(ONCE)
        return clocked(lambda: cursor.copy_expert("COPY bench_usage FROM STDIN WITH (FORMAT csv, HEADER)", file))


def imported(path: Path, *, expect: int) -> float:
    """Return the seconds a worker takes to import a file that was uploaded; the upload itself is not counted."""
    person = data.person(Role.FINANCE)
    with path.open("rb") as file:
        delivery = Delivery(content=File(file, path.name), name=path.name, source="bench")
        batch = request_import(delivery=delivery, actor=person, now=timezone.now())
    seconds = clocked(lambda: run_job(batch.job_id))
    batch = UsageBatch.objects.get(pk=batch.pk)
    if (batch.state, batch.rows_stored) != ("stored", expect):
        raise AssertionError(f"{path.name}: {batch.state}, {batch.rows_stored} of {expect} rows stored")
    return seconds


@contextmanager
def rollup_clock() -> Iterator[list[float]]:
    """Clock what an import spends on rollups, charges and their posting."""
    spent: list[float] = []

    def watched(work: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **options: object) -> object:
            begin = time.perf_counter()
            try:
                return work(*args, **options)
            finally:
                spent.append(time.perf_counter() - begin)

        return run

    add, post = rollups.add, usage_import.post_differences
    rollups.add, usage_import.post_differences = watched(add), watched(post)  # type: ignore[assignment]
    try:
        yield spent
    finally:
        rollups.add, usage_import.post_differences = add, post


def imports(bench: Bench) -> Iterator[Figure]:
    """G1, G1c: each round a file of a new day, the same again, another file of that day; then one over five days."""
    settings.USAGE_PARTITION = "day"
    data.cards(bench.scaled(CARDS, least=200))
    data.calls(bench.scaled(HELD))
    times, few = Times(), bench.scaled(CALLING, least=20)
    days = _days_before(bench.rounds + 6)
    for place, day in enumerate(days[:-1]):
        _round(bench, times if place >= 5 else Times(), day, place, cards=few)
    for place in range(bench.rounds):
        path = _file(bench, days[:5], place=1000 + place, cards=few)
        times.seconds["five copied"].append(raw_copy(path))
        times.seconds["five"].append(imported(path, expect=_rows(bench) // 5 * 5))
    wide = Times()
    _round(bench, wide, days[-1], len(days), cards=data.Card.objects.count())
    yield times.ratio("new", "copied").figure("G1 import of a day's file, day empty / raw COPY", bar=2.6)
    yield times.ratio("bare", "copied").figure("G1 the same without rollup and posting / raw COPY", bar=1.6)
    yield times.ratio("held", "copied").figure("G1 import onto a day that holds calls / raw COPY", bar=5)
    yield times.ratio("five", "five copied").figure("G1 import over five such days / raw COPY", bar=None)
    yield wide.ratio("new", "copied").figure("G1 day empty, calls of all 100,000 cards / raw COPY", bar=None)
    yield times.ratio("again", "new").figure("G1c the same file again / the first time", bar=1)


def _days_before(count: int) -> list[date]:
    """Return days before all that hold calls, the last first."""
    first = UsageRecord.objects.aggregate(first=Min("started_at"))["first"] or timezone.now()
    return [business_day(first) - timedelta(days=1 + place) for place in range(count)]


def _rows(bench: Bench) -> int:
    return bench.scaled(FILE)


def _file(bench: Bench, days: list[date], *, place: int, cards: int) -> Path:
    return usage_file(bench.folder, "calls", days=days, first=place * _rows(bench), rows=_rows(bench), cards=cards)


def _round(bench: Bench, times: Times, day: date, place: int, *, cards: int) -> None:
    path, rows = _file(bench, [day], place=2 * place, cards=cards), _rows(bench)
    times.seconds["copied"].append(raw_copy(path))
    with rollup_clock() as spent:
        times.seconds["new"].append(imported(path, expect=rows))
    times.seconds["bare"].append(times.seconds["new"][-1] - sum(spent))
    times.seconds["again"].append(imported(path, expect=0))
    other = _file(bench, [day], place=2 * place + 1, cards=cards)
    times.seconds["held"].append(imported(other, expect=rows))


def peers(bench: Bench) -> Iterator[Figure]:
    """G1d: rows a second beside those of `bulk_create` and of django-import-export, each on a day of its own."""
    settings.USAGE_PARTITION = "day"
    data.cards(bench.scaled(CARDS, least=200))
    rows, few = _rows(bench), bench.scaled(CALLING, least=20)
    batch = UsageBatch.objects.create(
        source=UsageSource.objects.get(slug="bench"), state="stored", created_at=timezone.now()
    )
    sides: dict[str, tuple[int, Callable[[Path], float]]] = {
        "product": (rows, lambda path: imported(path, expect=rows)),
        "bulk_create": (max(rows // 10, 100), lambda path: clocked(lambda: by_bulk_create(path, batch))),
        "import-export": (max(rows // 100, 100), lambda path: clocked(lambda: by_import_export(path, batch))),
    }
    pace: dict[str, list[float]] = {name: [] for name in sides}
    days = _days_before(bench.rounds * len(sides))
    for turn, day in enumerate(days):
        name = list(sides)[turn % len(sides)]
        size, work = sides[name]
        ensure_partitions(day, day)
        path = usage_file(bench.folder, name, days=[day], first=0, rows=size, cards=few)
        pace[name].append(size / work(path))
    for name, bar in (("bulk_create", 3), ("import-export", 45)):
        rounds = [mine / theirs for mine, theirs in zip(pace["product"], pace[name], strict=True)]
        yield Figure(
            name=f"G1d rows a second of an import / of {name}",
            value=median(rounds),
            bar=bar,
            direction="min",
            low=min(rounds),
            high=max(rounds),
            note=f"{median(pace['product']):,.0f} : {median(pace[name]):,.0f} rows/s",
        )


MEASURES = {"G1": imports, "G1d": peers}
