"""The timeline of a card: its journal, by kind, the latest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lifecycle.selectors.timeline import KINDS, card_timeline
from lifecycle.views.access import OfficeView


class CardTimelineView(OfficeView):
    """A part of the card page; an unknown kind is all of it."""

    related = ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the entries of a kind, or only the rows before the entry that the address names."""
        card = self.card_or_404(pk)
        kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
        kind = kind if kind in KINDS else ""
        older = before.isascii() and before.isdigit()
        lines = card_timeline(card, kind=kind, before=int(before[:18]) if older else None)
        context = {
            "card": card,
            "told": lines.told,
            "more": lines.more,
            "kind": kind,
            "kinds": [(name, label, name == kind) for name, (label, _codes) in KINDS.items()],
        }
        name = "lifecycle/card_timeline_rows.html" if older else "lifecycle/card_timeline.html"
        return render(request, name, context)
