"""The supervisor's board: who cannot call now, and what to press."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.ui import Chart, Text, look
from cards.models import Card
from lifecycle.filters import FleetFilter
from lifecycle.selectors.board.queue import FIRST, MOST, Queue, action_queue
from lifecycle.selectors.board.stock import Stock, stock
from lifecycle.selectors.board.strip import calls_by_hour
from lifecycle.selectors.board.totals import count_lists, freshness, month_cost
from lifecycle.tasks import ASSESSMENT
from lifecycle.views.access import OfficeView, person
from lifecycle.views.steps import step

SOON, NEXT_DAYS = 30, 7


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
NOTED: Mapping[str, Mapping[str, str]] = {
    "arrears_stopped": {"alert": "arrears", "stopped": "true"},
    "expiring_next": {"expires_within": str(NEXT_DAYS)},
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
        user, now, cards = person(request), timezone.now(), self.cards()
        queue = action_queue(user, now=now, first=MOST if request.GET.get("queue") == "all" else FIRST)
        held = stock(cards)
        context = {
            "queue": queue,
            "tasks": [(task, step(task.subject, task.action, user)) for task in queue.today],
            "tiles": self.tiles(cards, queue),
            "stock": held,
            "chart": state_chart(held),
            "strip": calls_by_hour(cards, now=now),
            "fresh": freshness(now=now),
        }
        return render(request, "lifecycle/board.html", context)

    def tiles(self, cards: QuerySet[Card], queue: Queue) -> list[dict[str, Any]]:
        """Return each tile with its number: that of the very list it leads to."""
        queries = {**{name: tile.query for name, tile in TILES.items()}, **NOTED}
        counts = count_lists({name: self.listed(cards, query) for name, query in queries.items()})
        notes = tile_notes(counts, queue)
        return [{"tile": tile, "value": counts[name], "note": notes[name]} for name, tile in TILES.items()]

    def listed(self, cards: QuerySet[Card], query: Mapping[str, str]) -> QuerySet[Card]:
        """Return the cards the fleet list shows for these filters."""
        found: QuerySet[Card] = FleetFilter(QueryDict(urlencode(query)), queryset=cards, request=self.request).qs
        return found


class BoardCostView(OfficeView):
    """What the month has cost, a part of the board that is fetched after it."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        cost = month_cost(person(request), today=business_day(timezone.now()))
        return render(request, "lifecycle/board_cost.html", {"cost": cost})


class AssessNowView(OfficeView):
    """Assess the fleet now instead of at the next full hour."""

    permission_required = "lifecycle.change_alert"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for the assessment and show how far it is."""
        job = start_job(kind=ASSESSMENT, owner=person(request), now=timezone.now())
        enqueue(job)
        return redirect("jobs:detail", job.pk)


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
