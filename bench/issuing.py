"""G6: handing out a card."""

from collections.abc import Iterator

import orjson

from agents.models import Agent
from bench import data
from bench.asking import by_token, floor
from bench.runner import Bench, Figure, against, queries, take_turns
from cardfleet.accounts.choices import Role
from cards.choices import CustodyState, ServiceState
from cards.models import Card

CARDS = 100_000


def issue(bench: Bench) -> Iterator[Figure]:
    """G6: with locks, gates, rules, history and journal over the API, beside a bare lock, update and insert."""
    data.cards(bench.scaled(CARDS, least=200))
    supervisor = data.person(Role.SUPERVISOR)
    product, bare = by_token(supervisor), floor(supervisor)
    # Who holds a stopped card gets no other until compliance has released it.
    waiting = Card.objects.stopped().filter(holder__isnull=False).values("holder")
    agent = Agent.objects.exclude(user__in=waiting).order_by("pk").values_list("pk", flat=True)[0]
    body = orjson.dumps({"agent": agent}).decode()
    free = Card.objects.filter(service_state=ServiceState.ACTIVE, custody_state=CustodyState.IN_STOCK).order_by("pk")
    cards = free.values_list("pk", flat=True).iterator()

    def issued() -> None:
        product.post(f"/api/v1/cards/{next(cards)}/issue/", body)

    sides = {"product": issued, "floor": lambda: bare.post(f"/issue/{next(cards)}/{agent}/", "{}")}
    taken = take_turns(sides, rounds=bench.rounds, times=bench.times, warm_up=2)
    yield against(taken, "product", "floor").figure("G6 issue a card / bare lock, update, insert", bar=3)
    yield Figure(name="G6 issue a card: statements", value=queries(issued), unit="", bar=12)


MEASURES = {"G6": issue}
