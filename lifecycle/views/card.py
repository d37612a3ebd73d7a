"""The card page and what is done from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from lifecycle.forms.handout import TransitionForm
from lifecycle.selectors.card import card_page, holder_on
from lifecycle.services.states import correct_state, record_state
from lifecycle.views.access import OfficeView, person
from lifecycle.views.risk import trend_chart


class CardView(OfficeView):
    """One card: what it is, why it is at risk, what is done today."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the card."""
        card = self.card_or_404(pk)
        page = card_page(card, today=business_day(timezone.now()))
        context = {
            "card": card,
            "page": page,
            "trend": trend_chart(page.trend),
            "list_address": request.GET.get("list"),
        }
        return render(request, "lifecycle/card.html", context)


class HolderOnView(OfficeView):
    """Who held a card on a day."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the holders of the day asked for."""
        card = self.card_or_404(pk)
        try:
            day = parse_date(request.GET.get("day", ""))
        except ValueError:
            day = None
        context = {"day": day, "held": holder_on(card, day) if day else []}
        return render(request, "lifecycle/holder_on.html", context)


class TransitionView(OfficeView):
    """Record what became of a card at its carrier."""

    permission_required = "cards.change_service_state"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the new state."""
        card = self.card_or_404(pk)
        return render(request, "lifecycle/transition.html", {"card": card, "form": TransitionForm(card=card)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, or say what stands against it and keep what was entered."""
        card = self.card_or_404(pk)
        form = TransitionForm(request.POST, card=card)
        refusal = None
        if form.is_valid():
            given, now = form.cleaned_data, timezone.now()
            try:
                record_state(
                    card_id=card.pk,
                    to=given["to"],
                    reason=given["reason"],
                    source=given["source"],
                    at=given["at"] or now,
                    actor=person(request),
                    now=now,
                    note=given["note"],
                )
            except Refusal as error:
                refusal = error
            else:
                messages.success(request, _("The new state is recorded."))
                return redirect("lifecycle:card", pk=card.pk)
        context = {"card": card, "form": form, "refusal": refusal}
        return render(request, "lifecycle/transition.html", context, status=409 if refusal else 422)


class CorrectView(OfficeView):
    """Take back a state that was recorded by mistake."""

    permission_required = "cards.correct_state"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back; a refusal is shown as a page of its own."""
        card = self.card_or_404(pk)
        correct_state(card_id=card.pk, reason=request.POST.get("reason", ""), actor=person(request), now=timezone.now())
        messages.success(request, _("The state is taken back."))
        return redirect("lifecycle:card", pk=card.pk)
