"""Why a call cost what it did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from billing.models import UsageRecord
from billing.selectors.charge_steps import steps_of
from billing.selectors.explaining import explain, find_call
from billing.views.access import MoneyView, person
from cardfleet.kernel.errors import NotVisible
from cards.models import Card


class ExplainView(MoneyView):
    """A call of a card in scope with each step of its charge; without an id the page asks for one (R68, R82)."""

    permission_required = "billing.view_usagerecord"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the steps, or that there is no such call."""
        uid, card = request.GET.get("uid", "").strip(), request.GET.get("card", "")
        context = {"uid": uid, "steps": None, "call": None}
        if not uid:
            return render(request, "billing/explain.html", context)
        calls = UsageRecord.objects.filter(card__in=Card.objects.visible_to(person(request)).values("pk"))
        try:
            call = find_call(uid, calls, card_id=int(card) if card.isdecimal() else None)
        except NotVisible:
            return render(request, "billing/explain.html", context, status=404)
        return render(request, "billing/explain.html", {**context, "call": call, "steps": steps_of(explain(call))})
