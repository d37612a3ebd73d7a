"""The supervisor's board: who cannot call now, and what to press."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cardfleet.accounts.counted import kept
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import narrowed
from cardfleet.kernel.ui import Chart, Text, look
from cards.models import Card
from lifecycle.filters import FleetFilter
from lifecycle.selectors.board.queue import FIRST, MOST, Queue, queue_of
from lifecycle.selectors.board.ranking import Ranked, rank
from lifecycle.selectors.board.stock import SOON, Stock, stock
from lifecycle.selectors.board.totals import count_lists, freshness
from lifecycle.selectors.guide import set_up
from lifecycle.views.access import OfficeView, person
from lifecycle.views.guide import guide_steps
from lifecycle.views.steps import steps


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A number of the board and the list behind it, as filters of the fleet list."""

    label: Text
    icon: str
    tone: str
    query: Mapping[str, str]

    @property
    def url(self) -> str:
        """The address of the list."""
        return f"{reverse('lifecycle:fleet')}?{urlencode(self.query)}"


TILES: Mapping[str, Tile] = {
    "stopped": Tile(label=gettext_lazy("Stopped"), icon="phone-off", tone="red", query={"stopped": "true"}),
    "high": Tile(label=gettext_lazy("High risk"), icon="flame", tone="red", query={"risk": "high"}),
    "arrears": Tile(label=gettext_lazy("Arrears"), icon="wallet", tone="orange", query={"alert": "arrears"}),
    "expiring": Tile(
        label=gettext_lazy("Expiring"), icon="calendar-due", tone="yellow", query={"expires_within": str(SOON)}
    ),
    "idle": Tile(label=gettext_lazy("Long unused"), icon="zzz", tone="gray", query={"alert": "idle"}),
    "unaccepted": Tile(
        label=gettext_lazy("To be accepted"), icon="signature", tone="blue", query={"unaccepted": "true"}
    ),
    "return_due": Tile(
        label=gettext_lazy("Return due"), icon="arrow-back-up", tone="blue", query={"return_due": "true"}
    ),
}
# What a tile's note counts besides.
NOTED: Mapping[str, Mapping[str, str]] = {"arrears_stopped": {"alert": "arrears", "stopped": "true"}}
KEPT_S, LATE_S = 30, 300
# Tiles whose number the states of all cards tell already.
TOLD = ("stopped", "expiring")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is counted for the board; `counts` by the name of a tile or note."""

    stock: Stock
    ranked: Ranked
    counts: Mapping[str, int]


class BoardView(OfficeView):
    """The board of a person's scope; agents are shown their own cards instead."""

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Send an agent to their own page, and who is not signed in to the sign-in."""
        if self.request.user.is_authenticated:
            return redirect("lifecycle:my")
        return super().handle_no_permission()

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the board."""
        user, now, cards = person(request), timezone.now(), self.cards()
        counted = kept(
            "figures",
            user,
            lambda: self.figures(cards, now),
            seconds=KEPT_S,
            late=LATE_S,
            now=now,
            told=(business_day(now),),
            anew="anew" in request.GET,
        )
        figures = counted.made
        if not figures.stock.cards:
            found = set_up()
            return render(request, "lifecycle/board_empty.html", {"set_up": found, "steps": guide_steps(user, found)})
        is_whole = request.GET.get("queue") == "all"
        queue = queue_of(figures.ranked, first=MOST if is_whole else FIRST)
        context = {
            "is_whole": is_whole,
            "queue": queue,
            "tasks": list(
                zip(queue.today, steps(((task.subject, task.action) for task in queue.today), user), strict=True)
            ),
            "tiles": self.tiles(figures, queue),
            "stock": figures.stock,
            "chart": state_chart(figures.stock),
            "fresh": freshness(now=now),
            "counted_at": counted.at if counted.at < now else None,
            "is_old": counted.is_old,
        }
        return render(request, "lifecycle/board.html", context)

    def figures(self, cards: QuerySet[Card], now: datetime) -> tuple[Figures, int]:
        """Count the scope, and say how many cards are in it."""
        queries = {**{name: tile.query for name, tile in TILES.items() if name not in TOLD}, **NOTED}
        counts = count_lists({name: self.listed(cards, query) for name, query in queries.items()})
        held = stock(cards, now=now)
        ranked = rank(person(self.request), now=now, first=MOST)
        return Figures(stock=held, ranked=ranked, counts=counts), held.cards

    def tiles(self, figures: Figures, queue: Queue) -> list[dict[str, Any]]:
        """Return each tile with its number: that of the very list it leads to."""
        held = figures.stock
        told = {"stopped": held.stopped, "expiring": held.expiring, "expiring_next": held.expiring_next}
        counts = {**figures.counts, **told}
        notes = tile_notes(counts, queue)
        return [{"tile": tile, "value": counts[name], "note": notes[name]} for name, tile in TILES.items()]

    def listed(self, cards: QuerySet[Card], query: Mapping[str, str]) -> QuerySet[Card]:
        """Return the cards the fleet list shows for these filters."""
        kind = narrowed(FleetFilter, frozenset(query))
        found: QuerySet[Card] = kind(QueryDict(urlencode(query)), queryset=cards, request=self.request).qs
        return found


def tile_notes(counts: Mapping[str, int], queue: Queue) -> dict[str, str]:
    """Return what stands beside each number; nothing where there is nothing to add."""
    still, late, late_back = queue.standing_still, queue.late_acceptances, queue.late_returns
    stopped, soon, days = counts["arrears_stopped"], counts["expiring_next"], queue.longest_idle
    return {
        "stopped": _noted(ngettext("%(count)s agent cannot call", "%(count)s agents cannot call", still), still),
        "high": _("highest %(score)s") % {"score": queue.highest_risk} if queue.highest_risk else "",
        "arrears": _noted(ngettext("%(count)s stopped already", "%(count)s stopped already", stopped), stopped),
        "expiring": _noted(ngettext("%(count)s within 7 days", "%(count)s within 7 days", soon), soon),
        "idle": _noted(ngettext("longest %(count)s day", "longest %(count)s days", days), days),
        "unaccepted": _noted(ngettext("%(count)s overdue", "%(count)s overdue", late), late),
        "return_due": _noted(ngettext("%(count)s overdue", "%(count)s overdue", late_back), late_back),
    }


def _noted(words: str, count: int) -> str:
    return words % {"count": count} if count else ""


def state_chart(held: Stock) -> Chart:
    """Return the ring of service states, in their fixed colours."""
    looks = [(look("service", state), count) for state, count in held.states]
    slices = [
        {"name": str(shown.word), "value": count, "itemStyle": {"color": f"tone:{shown.tone}"}}
        for shown, count in looks
    ]
    ring = {
        "type": "pie",
        "radius": ["62%", "96%"],
        "label": {"show": False},
        "itemStyle": {"borderColor": "tint:panel", "borderWidth": 1},
        "data": slices,
    }
    return Chart(
        id="states",
        title=_("Cards by service state"),
        option={"tooltip": {"trigger": "item"}, "series": [ring]},
        heads=[_("Service state"), _("Cards")],
        rows=[(shown.word, count) for shown, count in looks],
    )
