"""G4, G10: the list of cards as people look at it."""

import re
from collections.abc import Iterator

from bench import data
from bench.asking import Asked, by_session, floor
from bench.runner import Bench, Figure, against, queries, take_turns
from cardfleet.accounts.choices import Role

CARDS, LIST = 100_000, "/cards/"
KB = 1024


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


MEASURES = {"G10": list_page, "G4": deep_page}
