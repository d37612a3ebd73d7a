"""The numbers of the board, each that of the very list of cards it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from cardfleet.accounts.counted import Kept, kept
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import narrowed
from cardfleet.lists.asking import Asker
from cards.models import Card
from lifecycle.filters import FleetFilter
from lifecycle.selectors.board.queue import MOST
from lifecycle.selectors.board.ranking import Ranked, rank
from lifecycle.selectors.board.stock import SOON, Stock, stock
from lifecycle.selectors.board.totals import count_lists

Query = Mapping[str, str]
# What each tile counts, as filters of the list of cards.
TILES: Mapping[str, Query] = {
    "stopped": {"stopped": "true"},
    "high": {"risk": "high"},
    "arrears": {"alert": "arrears"},
    "expiring": {"expires_within": str(SOON)},
    "idle": {"alert": "idle"},
    "unaccepted": {"unaccepted": "true"},
    "return_due": {"return_due": "true"},
}
# What a tile's note counts besides.
NOTED: Mapping[str, Query] = {"arrears_stopped": {"alert": "arrears", "stopped": "true"}}
# Tiles whose number the states of all cards tell already.
TOLD = ("stopped", "expiring")
KEPT_S, LATE_S = 30, 300


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is counted for the board; `counts` by the name of a tile or note."""

    stock: Stock
    ranked: Ranked
    counts: Mapping[str, int]


def board_figures(person: User, *, now: datetime, anew: bool = False) -> Kept[Figures]:
    """Return the figures of a person's scope; a large fleet's stand for half a minute, as old ones for five."""

    def made() -> tuple[Figures, int]:
        figures = _figures(person, now)
        return figures, figures.stock.cards

    told = (business_day(now),)
    return kept("board", person, made, seconds=KEPT_S, late=LATE_S, now=now, told=told, anew=anew)


def _figures(person: User, now: datetime) -> Figures:
    cards = Card.objects.visible_to(person)
    queries = {**{name: query for name, query in TILES.items() if name not in TOLD}, **NOTED}
    counts = count_lists({name: _listed(cards, query, person) for name, query in queries.items()})
    held = stock(cards, now=now)
    counts |= {"stopped": held.stopped, "expiring": held.expiring, "expiring_next": held.expiring_next}
    return Figures(stock=held, ranked=rank(person, now=now, first=MOST), counts=counts)


def _listed(cards: QuerySet[Card], query: Query, person: User) -> QuerySet[Card]:
    """Return the cards the fleet list shows for these filters."""
    kind = narrowed(FleetFilter, frozenset(query))
    found: QuerySet[Card] = kind(QueryDict(urlencode(query)), queryset=cards, request=Asker(person)).qs
    return found
