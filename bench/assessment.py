"""G2, G11, G12: the assessment of the fleet and the cost report, beside scans of the records behind them; growth."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from math import log
from pathlib import Path
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from bench import data
from bench.asking import by_session
from bench.runner import Bench, Figure, Work, against, clocked, queries, take_turns
from bench.troubles import trouble
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from billing.services.month_sums import sum_months
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import SHANGHAI, business_day, day_start, month_start, next_month
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.selectors.calendar import day_type_on
from lifecycle.selectors.facts import keep_inputs, parameters
from lifecycle.selectors.facts_sql import USAGE, USED
from lifecycle.services.assessment import assess_suspension_risk

CARDS, CALLS_A_CARD = 100_000, 100
BUSY_CARDS, BUSY_CALLS = 2_500, 5_000_000
STEPS = (0.125, 0.25, 0.5, 1)
SMALL = 0.1
GROWTH_ROUNDS = 5
PAGES: Mapping[str, str] = {"list": "/cards/", "board": "/", "card page": "/cards/{card}/"}
EXPORT = "/lists/cards/export/"
ROOT = Path(__file__).parent.parent
SCAN = (
    "SELECT count(*), sum(duration_s) FROM billing_usagerecord WHERE started_at >= %(first)s AND started_at < %(end)s"
)
GROUPED = """
SELECT sum(calls), sum(seconds) FROM (
    SELECT card_id, count(*) AS calls, sum(duration_s) AS seconds FROM billing_usagerecord
    WHERE started_at >= %(first)s AND started_at < %(end)s GROUP BY card_id
) s"""
FROM_ROLLUPS = f"""
SET LOCAL work_mem = '128MB';
DROP TABLE IF EXISTS pg_temp.bench_input;
CREATE TEMPORARY TABLE bench_input AS WITH {USAGE.format(of_cards="true")}
SELECT {USED} FROM cards_card card
LEFT JOIN today ON today.card_id = card.id LEFT JOIN called ON called.card_id = card.id
"""


def fleet(bench: Bench, share: float = 1) -> datetime:
    """Have a fleet that called for a month, with its troubles; return two in the afternoon of a working day."""
    day = business_day(timezone.now()) - timedelta(days=1)
    while day_type_on(day).is_rest:
        day -= timedelta(days=1)
    count = bench.scaled(round(CARDS * share), least=round(200 * share))
    data.cards(count)
    data.calls(bench.scaled(BUSY_CALLS, least=1000) + count * CALLS_A_CARD)
    trouble(day)
    return datetime(day.year, day.month, day.day, 14, tzinfo=SHANGHAI)


def costs(bench: Bench) -> Iterator[Figure]:
    """G12: the cost report of last month, in which each card called some 90 times a working day, beside a scan.

    The months were summed, as the job of the night leaves them.
    """
    this_month = month_start(business_day(timezone.now()))
    month = month_start(this_month - timedelta(days=1))
    data.cards(bench.scaled(BUSY_CARDS, least=20))
    data.calls(bench.scaled(BUSY_CALLS, least=1000), until=this_month, days=(this_month - month).days)
    trouble(business_day(timezone.now()))
    sum_months(now=timezone.now())
    span = {"first": day_start(month), "end": day_start(next_month(month))}
    sides = {by.value: lambda by=by: month_costs(month, by) for by in (CostBy.TEAM, CostBy.AGENT, CostBy.CARD)}
    taken = take_turns({**sides, "scan": lambda: _asked(SCAN, span)}, rounds=bench.rounds)
    for by in sides:
        yield against(taken, by, "scan").figure(f"G12 month's cost report by {by} / scan of its calls", bar=0.1)


def growth(bench: Bench) -> Iterator[Figure]:
    """G11: assessing and exporting fleets of 1, 2, 4 and 8 times the size; memory and statements as it grows."""
    assess_suspension_risk(now=fleet(bench, SMALL / 10))
    asking = {name: queries(lambda path=path: _page(path)) for name, path in PAGES.items()}
    small = fleet(bench, SMALL)
    memory = _peak_mb(small.date())
    taken: dict[str, list[tuple[int, float]]] = {"assess": [], "export": []}
    for step in STEPS:
        now = fleet(bench, step)
        count = Card.objects.count()
        with _alone():
            taken["assess"].append((count, _median(bench, lambda now=now: _undone(now))))
            taken["export"].append((count, _median(bench, lambda: _page(EXPORT))))
    for what, points in taken.items():
        told = ", ".join(f"{count}: {seconds:.1f} s" for count, seconds in points)
        yield Figure(name=f"G11 {what}: exponent of growth", value=_slope(points), unit="", bar=1.10, note=told)
    assess_suspension_risk(now=now)
    grown = _peak_mb(now.date())
    note = f"{memory:.0f} MB, {grown:.0f} MB"
    yield Figure(name="G11 assess: peak memory at ten times the cards", value=grown / memory, bar=1.15, note=note)
    for name, path in PAGES.items():
        more = queries(lambda path=path: _page(path)) - asking[name]
        yield Figure(name=f"G11 {name}: further statements at 100 times the cards", value=more, unit="", bar=0)


def inputs(bench: Bench) -> Iterator[Figure]:
    """G2: every input of the rules for every card, beside a bare scan of the records behind it, neither in parallel.

    Rollups are refreshed in the transaction of each import, so today is in them, live.
    """
    now = fleet(bench)
    sides = {
        "all": lambda: _kept(now),
        "rollups": lambda: _rolled_up(now),
        "scan": lambda: _asked(SCAN, _month_until(now)),
    }
    with _alone():
        taken = take_turns(sides, rounds=bench.rounds)
    yield against(taken, "rollups", "scan").figure("G2 rule inputs from rollups / scan of the records", bar=1.2)
    yield against(taken, "all", "scan").figure("G2 the same with money and registration / scan", bar=None)


def whole(bench: Bench) -> Iterator[Figure]:
    """G2: the first assessment of a day, all of it written, beside one group-by-card scan of the records.

    The day before was assessed; each round is undone.
    """
    now = fleet(bench)
    assess_suspension_risk(now=now - timedelta(days=1))
    data.analyse()
    sides = {"product": lambda: _undone(now), "grouped": lambda: _asked(GROUPED, _month_until(now))}
    with _alone():
        taken = take_turns(sides, rounds=bench.rounds)
    yield against(taken, "product", "grouped").figure("G2 whole assessment, written / group-by-card scan", bar=1.5)


def rule_inputs(bench: Bench) -> Iterator[Figure]:
    """G2, both."""
    yield from inputs(bench)
    yield from whole(bench)


def _month_until(now: datetime) -> dict[str, datetime]:
    return {"first": now - timedelta(days=data.DAYS), "end": now + timedelta(days=1)}


def _asked(statement: str, parameters: Mapping[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.fetchall()


@transaction.atomic
def _rolled_up(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FROM_ROLLUPS, parameters(now, None))


@transaction.atomic
def _kept(now: datetime) -> None:
    keep_inputs(None, now=now)


def _undone(now: datetime) -> None:
    with transaction.atomic():
        assess_suspension_risk(now=now)
        transaction.set_rollback(True)


@contextmanager
def _alone() -> Iterator[None]:
    """Let no side have parallel workers."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET max_parallel_workers_per_gather")


def _page(path: str) -> None:
    told = Card.objects.filter(alerts__kind=AlertKind.SUSPENSION_RISK)
    card = told.order_by("pk").first() or Card.objects.order_by("pk").first()
    by_session(data.person(Role.SUPERVISOR)).ask(path.format(card=card.pk if card else 0))


def _median(bench: Bench, work: Work) -> float:
    rounds = min(GROWTH_ROUNDS, bench.rounds)
    return median([clocked(work) for _round in range(rounds + 1)][1:])


def _slope(points: list[tuple[int, float]]) -> float:
    """Return the exponent: the slope of the line through the logarithms, by least squares."""
    xs, ys = [log(size) for size, _seconds in points], [log(seconds) for _size, seconds in points]
    mid_x, mid_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mid_x) ** 2 for x in xs)
    return sum((x - mid_x) * (y - mid_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0


def _peak_mb(day: date) -> float:
    """Return the most memory that the assessment takes in a process of its own."""
    at = connection.settings_dict
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    job = [sys.executable, "manage.py", "run_job", "assess_suspension_risk", "--on", day.isoformat()]
    with subprocess.Popen(job, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.DEVNULL) as child:
        _pid, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError("the assessment failed")
    return used.ru_maxrss / 2**10


MEASURES = {"G12": costs, "G11": growth, "G2": rule_inputs}
