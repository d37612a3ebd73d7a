"""The timeline of a card: its journal, by kind, the latest first."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.recording import subject_of
from cardfleet.journal.selectors import timeline
from cardfleet.kernel.errors import Text
from lifecycle.views.access import OfficeView

PAGE = 20
# Each kind with the beginnings of the action codes that it is made of.
KINDS: Mapping[str, tuple[Text, Sequence[str]]] = {
    "": (_("All"), ()),
    "states": (_("States"), ("cards.service_state_",)),
    "handout": (_("Handed over"), ("agents.", "cards.custody_")),
    "money": (_("Money"), ("billing.",)),
    "risk": (_("Risk"), ("lifecycle.",)),
    "facts": (_("Facts"), ("cards.card_", "cards.tags_", "cards.secret")),
    "papers": (_("Notes and documents"), ("cards.note_", "files.")),
}


class CardTimelineView(OfficeView):
    """A part of the card page; an unknown kind is all of it."""

    related = ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the entries of a kind, or only the rows before the entry that the address names."""
        card = self.card_or_404(pk)
        kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
        kind = kind if kind in KINDS else ""
        older = before.isascii() and before.isdigit()
        told = timeline(
            subject_of(card), limit=PAGE + 1, kinds=KINDS[kind][1], before=int(before[:18]) if older else None
        )
        context = {
            "card": card,
            "told": told[:PAGE],
            "more": len(told) > PAGE,
            "kind": kind,
            "kinds": [(name, label, name == kind) for name, (label, _codes) in KINDS.items()],
        }
        name = "lifecycle/card_timeline_rows.html" if older else "lifecycle/card_timeline.html"
        return render(request, name, context)
