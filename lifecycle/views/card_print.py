"""The card page on paper: what is known, without buttons, and a code that leads back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.qr import qr
from cards.selectors.documents import documents_of
from lifecycle.selectors.card import card_page
from lifecycle.views.access import OfficeView


class CardPrintView(OfficeView):
    """One card to be printed; never a secret."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        card, now = self.card_or_404(pk), timezone.now()
        context = {
            "card": card,
            "page": card_page(card, today=business_day(now)),
            "documents": documents_of(card),
            "code": qr(request.build_absolute_uri(reverse("lifecycle:card", args=[card.pk]))),
            "now": now,
        }
        return render(request, "lifecycle/card_print.html", context)
