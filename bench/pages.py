"""G4, G10: the list of cards as people look at it; P1: what list, board and card page take at the full size."""

import gc
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from django.db.models import F
from django.utils import timezone

from bench import data
from bench.asking import Asked, by_session, floor
from bench.runner import Bench, Figure, against, clocked, queries, take_turns
from bench.troubles import trouble
from billing.services.month_sums import sum_months
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cards.models import Card
from lifecycle.services.assessment import assess_suspension_risk

CARDS, CALLS, LIST, ANEW = 100_000, 10_000_000, "/cards/", "/?anew=1"
KB = 1024
P95_MS, STATEMENTS, SIZE_KB = 150, 12, 120
# Pages beside those of the bar, and the list by other filters: printed, and held to nothing but the list's size.
LISTS = (f"{LIST}?stopped=false", f"{LIST}?risk=high", f"{LIST}?alert=arrears", f"{LIST}?custody_state=in_stock")
OTHERS = ("/alerts/", "/agents/assignments/", "/ledger/", "/stock/inspections/", "/costs/?anew=1", "/carriers/?anew=1")
# Parts that a page asks for as soon as it is shown.
LOADED = re.compile(r'hx-get="([^"]+)"[^>]*hx-trigger="load')


def _statements(asked: Asked, path: str) -> int:
    asked.ask(path)
    return queries(lambda: asked.ask(path))


def list_page(bench: Bench) -> Iterator[Figure]:
    """G10: the fleet list of 50 rows, signed in, beside a bare template of the same rows."""
    data.cards(bench.scaled(CARDS, least=200))
    supervisor = data.person(Role.SUPERVISOR)
    browser, bare = by_session(supervisor), floor(supervisor)
    ids = ",".join(re.findall(r'<td><a href="/cards/(\d+)/">', browser.ask(LIST).decode()))
    sides = {"product": lambda: browser.ask(LIST), "floor": lambda: bare.ask(f"/page/?ids={ids}")}
    taken = take_turns(sides, rounds=bench.rounds, times=bench.times, warm_up=3)
    yield against(taken, "product", "floor").figure("G10 list page of 50 / bare template of the same rows", bar=2)
    yield Figure(name="G10 list page: statements", value=_statements(browser, LIST), unit="", bar=8)
    yield Figure(name="G10 list page: size", value=len(browser.ask(LIST)) / KB, unit="KB", bar=60)


def deep_page(bench: Bench) -> Iterator[Figure]:
    """G4: the page in the middle of the list, by its number."""
    data.cards(bench.scaled(CARDS, least=200))
    browser = by_session(data.person(Role.SUPERVISOR))
    middle = bench.scaled(CARDS, least=200) // 50 // 2 + 1
    for order in ("", "sort=number&"):
        sides = {
            "deep": lambda order=order: browser.ask(f"{LIST}?{order}page={middle}"),
            "first": lambda order=order: browser.ask(f"{LIST}?{order}page=1"),
        }
        taken = take_turns(sides, rounds=bench.rounds, times=bench.times, warm_up=3)
        name = f"G4 list page{' by number' if order else ''}: cards in the middle / first 50"
        yield against(taken, "deep", "first").figure(name, bar=2)


def page_times(bench: Bench) -> Iterator[Figure]:
    """P1: list, board and card page of a fleet in trouble, and the slowest part that the latter two load themselves.

    Other pages, and the list by other filters, follow as they are asked for first: nothing of theirs is kept.
    """
    now = timezone.now()
    data.cards(bench.scaled(CARDS, least=200))
    data.calls(bench.scaled(CALLS, least=500))
    trouble(business_day(now))
    assess_suspension_risk(now=now)
    sum_months(now=now)
    data.settle()
    browser = by_session(data.person(Role.SUPERVISOR))
    pages = {"fleet list": [LIST], "board": ["/"], "card page": [f"/cards/{card}/" for card in _telling_cards()]}
    with _as_served():
        for name, paths in pages.items():
            most = (8, 60) if paths == [LIST] else (STATEMENTS, SIZE_KB)
            yield from _told(bench, browser, name, paths, *most)
            parts = [part for part in _parts(browser, paths[0]) if part not in paths]
            if parts:
                yield from _told(bench, browser, f"{name}, slowest part", parts, STATEMENTS, SIZE_KB)
        for path in (ANEW, *LISTS, *OTHERS):
            yield from _printed(bench, browser, path)


def _telling_cards() -> list[int]:
    """Return a card with most to say of its risk, a stopped one in somebody's hands, and a quiet one."""
    held = Card.objects.filter(holder__isnull=False)
    asked = (
        held.in_service().order_by(F("risk__score").desc(nulls_last=True), "pk"),
        held.stopped().order_by("pk"),
        held.in_service().order_by(F("risk__score").asc(nulls_first=True), "pk"),
    )
    return [card for cards in asked for card in cards.values_list("pk", flat=True)[:1]]


@contextmanager
def _as_served() -> Iterator[None]:
    """Leave what was loaded at the start out of every collection, as a worker does (gunicorn.conf.py)."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _parts(browser: Asked, path: str) -> list[str]:
    """Return the addresses of the parts that a page loads by itself, but for those in every page's frame."""
    of_frame = set(LOADED.findall(browser.ask("/inbox/").decode()))
    return [html.unescape(part) for part in LOADED.findall(browser.ask(path).decode()) if part not in of_frame]


def _told(bench: Bench, browser: Asked, name: str, paths: list[str], statements: int, size_kb: int) -> Iterator[Figure]:
    """Yield p95, statements and size of the worst of some addresses in each."""
    p95, middle, slowest = max(_milliseconds(bench, browser, path) for path in paths)
    note = f"p50 {middle:.0f} ms, {slowest}"
    sent = max((_statements(browser, path), path) for path in paths)
    size = max((len(browser.ask(path)) / KB, path) for path in paths)
    yield Figure(name=f"P1 {name}: p95", value=p95, unit="ms", bar=P95_MS, note=note)
    yield Figure(name=f"P1 {name}: statements", value=sent[0], unit="", bar=statements, note=sent[1])
    yield Figure(name=f"P1 {name}: size", value=size[0], unit="KB", bar=size_kb, note=size[1])


def _printed(bench: Bench, browser: Asked, path: str) -> Iterator[Figure]:
    """Yield the time of an address, with its statements, and its size."""
    p95, middle, _path = _milliseconds(bench, browser, path)
    note = f"p50 {middle:.0f} ms, {_statements(browser, path)} statements"
    yield Figure(name=f"P1 {path}: p95", value=p95, unit="ms", note=note)
    size = len(browser.ask(path)) / KB
    yield Figure(name=f"P1 {path}: size", value=size, unit="KB", bar=60 if path in LISTS else SIZE_KB)


def _milliseconds(bench: Bench, browser: Asked, path: str) -> tuple[float, float, str]:
    """Return p95 and p50 of asking for an address after a warm-up, and the address."""
    for _time in range(3):
        browser.ask(path)
    taken = [clocked(lambda: browser.ask(path)) * 1000 for _time in range(max(2, bench.rounds * bench.times))]
    return quantiles(taken, n=20)[-1], median(taken), path


TIMES = {"P1": page_times}
MEASURES = {"G10": list_page, "G4": deep_page}
