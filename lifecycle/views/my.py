"""What an agent sees on a phone: may I call, how often, what does it cost."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from agents.services.assignments import accept
from lifecycle.selectors.calling import my_cards
from lifecycle.views.access import person


class MyView(LoginRequiredMixin, View):
    """The cards in one's own hands; everybody may have some."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, the chosen one open."""
        now = timezone.now()
        mine = my_cards(person(request), now=now)
        chosen = request.GET.get("card", "")
        accepted = [held for held in mine.held if held.assignment.accepted_at]
        shown = next((held for held in accepted if str(held.card.pk) == chosen), accepted[0] if accepted else None)
        context = {"mine": mine, "accepted": accepted, "shown": shown, "now": now}
        return render(request, "lifecycle/my.html", context)


class AcceptView(LoginRequiredMixin, View):
    """Sign for a card handed over."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept it; a refusal is shown as a page of its own."""
        taken = accept(assignment_id=pk, actor=person(request), now=timezone.now())
        messages.success(request, _("You accepted %(card)s.") % {"card": taken.card})
        return redirect("lifecycle:my")
