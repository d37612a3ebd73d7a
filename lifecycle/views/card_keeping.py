"""Keep or cancel: what speaks for either, on the card page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lifecycle.selectors.keeping import keeping, last_review
from lifecycle.views.access import OfficeView


class CardKeepingView(OfficeView):
    """Part of the card page."""

    related = ("carrier",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the advice with its reasons, and what was decided last."""
        card = self.card_or_404(pk)
        context = {"card": card, "keep": keeping([card], now=timezone.now())[card.pk], "last": last_review(card.pk)}
        return render(request, "lifecycle/card_keeping.html", context)
