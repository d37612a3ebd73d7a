"""Whose the calls of a card are, where a hand-out or a return was recorded late (invariant 6)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.services.assignments import open_months_from
from billing.forms.attributions import AttributionForm
from billing.models import UsageAttribution
from billing.services.attributions import attribute, withdraw
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import Refusal
from cards.models import Card


class AttributionsView(MoneyView):
    """What was attributed of a card, and a form for more."""

    permission_required = "billing.add_usageattribution"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the time and the holder."""
        return self.page(self.card_or_404(pk), self.form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Attribute the calls, or say what stands against it and keep what was entered."""
        card, form = self.card_or_404(pk), self.form(request.POST)
        if not form.is_valid():
            return self.page(card, form, status=422)
        given = form.cleaned_data
        agent = given.pop("agent")
        try:
            attribute(
                card_id=card.pk,
                agent_id=agent.pk if agent else None,
                actor=person(request),
                now=timezone.now(),
                **given,
            )
        except Refusal as refusal:
            return self.page(card, form, status=refusal.status, refusal=refusal)
        messages.success(request, _("The calls are attributed."))
        return redirect("billing:attributions", card.pk)

    def form(self, *args: Any) -> AttributionForm:
        """Return the form over the agents in scope."""
        return AttributionForm(*args, agents=Agent.objects.visible_to(person(self.request)))

    def page(self, card: Card, form: AttributionForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the form and what was attributed before."""
        known = UsageAttribution.objects.filter(card=card).select_related("agent__user", "team")
        open_from = open_months_from(timezone.now())
        context |= {"card": card, "form": form, "attributions": known, "open_from": open_from}
        return render(self.request, "billing/attributions.html", context, status=status)


class WithdrawView(MoneyView):
    """Take a mistaken attribution back."""

    permission_required = "billing.add_usageattribution"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw it; a refusal is shown as a page of its own."""
        known = UsageAttribution.objects.visible_to(person(request)).filter(pk=pk).first()
        if known is None:
            raise Http404
        reason = request.POST.get("reason", "")
        withdraw(attribution_id=known.pk, reason=reason, actor=person(request), now=timezone.now())
        messages.success(request, _("The attribution is withdrawn."))
        return redirect("billing:attributions", known.card_id)
