"""Requests for cards: an agent asks, others decide (R11)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.forms import CardRequestForm
from agents.models import CardRequest
from agents.selectors.approvers import waiting_for
from agents.services.requests import ask_for_cards, decide_request, withdraw_request
from agents.views.access import AgentsView
from cardfleet.kernel.errors import Refusal

RECENT = 30


class MyRequestsView(AgentsView):
    """One's own requests, and the form for another."""

    permission_required = "agents.add_cardrequest"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for cards."""
        form = CardRequestForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            ask_for_cards(**form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.page(form=form, refusal=refusal, status=refusal.status)
        messages.success(request, _("Your request waits for your supervisor."))
        return redirect("agents:my-requests")

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        mine = (
            CardRequest.objects.filter(agent__user=self.person)
            .select_related("replaces")
            .prefetch_related("decisions__by")
        )
        context = {
            "form": CardRequestForm(initial=self.request.GET.dict(), person=self.person),
            "mine": mine.order_by("-asked_at")[:RECENT],
            **context,
        }
        return render(self.request, "agents/my_requests.html", context, status=status)


class WithdrawView(AgentsView):
    """Take one's own request back."""

    permission_required = "agents.add_cardrequest"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        withdraw_request(request_id=pk, actor=self.person, now=timezone.now())
        messages.success(request, _("The request is taken back."))
        return redirect("agents:my-requests")


class RequestsView(AgentsView):
    """What agents asked for and what waits for the person."""

    permission_required = "agents.view_cardrequest"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what waits first, then what was decided lately."""
        seen = CardRequest.objects.visible_to(self.person).select_related("agent__user__team")
        waiting = list(waiting_for(self.person))
        others = seen.exclude(pk__in=[asked.pk for asked in waiting]).prefetch_related("decisions__by")
        context = {"waiting": waiting, "others": others.order_by("-asked_at")[:RECENT]}
        return render(request, "agents/requests.html", context)


class DecideView(AgentsView):
    """Say yes or no to a request; which right it needs depends on its level, so the service asks for it."""

    permission_required = "agents.view_cardrequest"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide; a refusal is a page of its own."""
        asked = get_object_or_404(CardRequest.objects.visible_to(self.person), pk=pk)
        is_approved = request.POST.get("answer") == "approve"
        decided = decide_request(
            request_id=asked.pk,
            level=request.POST.get("level", ""),
            is_approved=is_approved,
            reason=request.POST.get("reason", "")[:200],
            quota=settings.CARDS_PER_AGENT,
            actor=self.person,
            now=timezone.now(),
        )
        messages.success(request, _("Decided: %(state)s") % {"state": decided.get_state_display()})
        return redirect("agents:requests")
