"""Inspections: what is due, and what was found (R8, R10, R102)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.paging import COUNTED
from cards.choices import Application
from cards.forms.stock import InspectionForm
from cards.models import Card, Inspection, InspectionPlan
from cards.selectors.inspections import due_list, inspections_due
from cards.selectors.purchases import purchase_of
from cards.services.inspections import inspect_card
from cards.views.access import StockView

SHOWN = 100


class InspectionsView(StockView):
    """What is due, the longest first, and what was found last."""

    permission_required = "cards.view_inspection"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it; a scanned or typed card leads to its form."""
        today, cards = business_day(timezone.now()), self.cards()
        typed = request.GET.get("card", "").strip()
        found = list(cards.matching(typed)[:2]) if typed else []
        if len(found) == 1:
            return redirect("cards:inspect", found[0].pk)
        latest = Inspection.objects.filter(card__in=cards).select_related("card__carrier", "by")
        due_count = inspections_due(cards, today=today).order_by()[: COUNTED + 1].count()
        context = {
            "due": due_list(cards, today=today, limit=SHOWN),
            "due_count": due_count,
            "more": COUNTED if due_count > COUNTED else 0,
            "latest": latest.order_by("-id")[:20],
            "plans": InspectionPlan.objects.filter(is_active=True),
            "typed": typed,
            "matches": len(found),
            "shown": SHOWN,
        }
        return render(request, "cards/inspections.html", context)


class InspectView(StockView):
    """One card: what was found before, and the form."""

    permission_required = "cards.add_inspection"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Ask what is found."""
        card = self.card_or_404(pk)
        return self.page(card, InspectionForm(card=card, initial={"condition": card.condition}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, or say what it leaves open."""
        card = self.card_or_404(pk)
        form = InspectionForm(request.POST, card=card)
        if not form.is_valid():
            return self.page(card, form, status=422)
        try:
            inspect_card(card_id=pk, **form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(card, form, status=refusal.status)
        messages.success(request, _("The inspection is recorded."))
        return redirect("cards:inspections")

    def page(self, card: Card, form: InspectionForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the card around the form."""
        context |= {"card": card, "form": form, "inspections": card.inspections.select_related("by")[:20]}
        return render(self.request, "cards/inspect.html", context, status=status)


class CardStockView(StockView):
    """The part of the card page about its plastic: place, purchase, condition and inspections."""

    permission_required = "cards.view_inspection"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        card = self.card_or_404(pk)
        inspections = card.inspections.select_related("by")[:5]
        context = {
            "card": card,
            "receipt": purchase_of(card),
            "inspections": inspections,
            "applications": Application.choices,
        }
        return render(request, "cards/card_stock.html", context)
