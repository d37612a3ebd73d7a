"""G3, G4, G5, A1: the list of cards over the API."""

import json
from collections.abc import Iterator
from functools import partial
from statistics import quantiles

from bench import data
from bench.asking import Asked, by_token, floor
from bench.runner import Bench, Figure, against, clocked, take_turns
from cardfleet.accounts.choices import Role

CARDS = 100_000
LIST = "/api/v1/cards/"


def _asking(bench: Bench) -> tuple[Asked, Asked]:
    data.cards(bench.scaled(CARDS, least=200))
    supervisor = data.person(Role.SUPERVISOR)
    return by_token(supervisor), floor(supervisor)


def list_api(bench: Bench) -> Iterator[Figure]:
    """G3: 50 cards by token, right, scope and filters, beside bare rows and beside a plain ModelViewSet."""
    product, bare = _asking(bench)
    sides = {
        "product": lambda: product.ask(LIST),
        "filtered": lambda: product.ask(f"{LIST}?service_state=active&custody_state=issued"),
        "bare": lambda: bare.ask("/cards/"),
        "plain": lambda: bare.ask("/plain/"),
    }
    taken = take_turns(sides, rounds=bench.rounds, times=bench.times)
    yield against(taken, "product", "bare").figure("G3 API list of cards / bare view", bar=5)
    yield against(taken, "product", "plain").figure("G3 API list of cards / plain ModelViewSet", bar=0.6)
    yield against(taken, "filtered", "bare").figure("G3 API list with two filters / bare view", bar=5)
    yield against(taken, "filtered", "plain").figure("G3 API list with two filters / plain ModelViewSet", bar=0.6)


def deep_page(bench: Bench) -> Iterator[Figure]:
    """G4: the 50 cards after the middle one, by cursor."""
    product, _bare = _asking(bench)
    deep = _middle(product, bench)
    sides = {"deep": lambda: product.ask(deep), "first": lambda: product.ask(LIST)}
    taken = take_turns(sides, rounds=bench.rounds, times=bench.times)
    yield against(taken, "deep", "first").figure("G4 API: cards in the middle / first 50, by cursor", bar=2)


def _middle(product: Asked, bench: Bench) -> str:
    """Return the address of the 50 cards after the middle one; at full size that is page 1,001."""
    size, skipped, deep = 500, bench.scaled(CARDS, least=200) // 2, LIST
    while skipped >= 50:
        step = min(size, skipped)
        page = json.loads(product.ask(f"{deep}{'&' if '?' in deep else '?'}page_size={step}"))
        deep, skipped = page["next"].replace(f"&page_size={step}", ""), skipped - step
    return deep[deep.index(LIST) :]


def throughput(bench: Bench) -> Iterator[Figure]:
    """A1: requests a second of one process, on the first page and in the middle, beside a plain ModelViewSet's."""
    product, bare = _asking(bench)
    deep, number = _middle(product, bench), bench.scaled(CARDS, least=200) // 2 // 50 + 1
    pages = {"1": (LIST, "/plain/", 1.5), "1,000": (deep, f"/plain/?page={number}", 3)}
    for page, (ours, theirs, bar) in pages.items():
        sides = {"product": partial(product.ask, ours), "plain": partial(bare.ask, theirs)}
        taken = take_turns(sides, rounds=bench.rounds, times=bench.times)
        faster = against(taken, "plain", "product")
        yield faster.figure(f"A1 API requests/s on page {page} / plain ModelViewSet", bar=bar, direction="min")
        alone = [clocked(sides["product"]) for _time in range(max(2, bench.rounds * bench.times))]
        slowest = quantiles(alone, n=20)[-1] * 1000
        yield Figure(
            name=f"A1 API page {page}: p95", value=slowest, unit="ms", note=f"{1 / faster.floor_s:.0f} requests/s"
        )


def search(bench: Bench) -> Iterator[Figure]:
    """G5: a state and a text beside the list without filter."""
    product, _bare = _asking(bench)
    asked = {"last four digits": "0042", "name": "坐席12", "start of the ICCID": "89860000000000001"}
    for words, text in asked.items():
        sides = {
            "search": lambda text=text: product.ask(f"{LIST}?service_state=active&search={text}"),
            "first": lambda: product.ask(LIST),
        }
        taken = take_turns(sides, rounds=bench.rounds, times=bench.times)
        yield against(taken, "search", "first").figure(f"G5 API: state and {words} / first 50", bar=3)


MEASURES = {"G3": list_api, "G4": deep_page, "G5": search, "A1": throughput}
