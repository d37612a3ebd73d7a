"""Application forms to carriers, filled in as far as the register knows and printed to be signed (R105)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cardfleet.kernel.clock import business_day
from cards.choices import Application
from cards.views.access import StockView


class ApplicationView(StockView):
    """One form for one card. ID numbers are written by hand: no page holds them."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Show it as it is printed."""
        if kind not in Application.values:
            raise Http404
        card = self.card_or_404(pk)
        context = {"card": card, "kind": Application(kind), "today": business_day(timezone.now())}
        return render(request, "cards/application.html", context)
