"""The supervisor's board: who cannot call now, and what to press."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cardfleet.kernel.ui import Chart, Text, look
from lifecycle.lists.board import TILES as QUERIES
from lifecycle.lists.board import Figures, board_figures
from lifecycle.selectors.board.queue import FIRST, MOST, Queue, queue_of
from lifecycle.selectors.board.stock import Stock
from lifecycle.selectors.board.totals import freshness
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
    "stopped": Tile(label=gettext_lazy("Stopped"), icon="phone-off", tone="red", query=QUERIES["stopped"]),
    "high": Tile(label=gettext_lazy("High risk"), icon="flame", tone="red", query=QUERIES["high"]),
    "arrears": Tile(label=gettext_lazy("Arrears"), icon="wallet", tone="orange", query=QUERIES["arrears"]),
    "expiring": Tile(label=gettext_lazy("Expiring"), icon="calendar-due", tone="yellow", query=QUERIES["expiring"]),
    "idle": Tile(label=gettext_lazy("Long unused"), icon="zzz", tone="gray", query=QUERIES["idle"]),
    "unaccepted": Tile(
        label=gettext_lazy("To be accepted"), icon="signature", tone="blue", query=QUERIES["unaccepted"]
    ),
    "return_due": Tile(
        label=gettext_lazy("Return due"), icon="arrow-back-up", tone="blue", query=QUERIES["return_due"]
    ),
}


class BoardView(OfficeView):
    """The board of a person's scope; agents are shown their own cards instead."""

    def handle_no_permission(self) -> HttpResponseRedirect:
        """Send an agent to their own page, and who is not signed in to the sign-in."""
        if self.request.user.is_authenticated:
            return redirect("lifecycle:my")
        return super().handle_no_permission()

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the board."""
        user, now = person(request), timezone.now()
        counted = board_figures(user, now=now, anew="anew" in request.GET)
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

    def tiles(self, figures: Figures, queue: Queue) -> list[dict[str, Any]]:
        """Return each tile with its number: that of the very list it leads to."""
        notes = tile_notes(figures.counts, queue)
        return [{"tile": tile, "value": figures.counts[name], "note": notes[name]} for name, tile in TILES.items()]


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
