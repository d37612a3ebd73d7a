"""Wasted money and use of the cards, each with what to do next (R66, R84, R94, R95)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from billing.choices import WasteKind
from billing.forms.waste import WasteQuery
from billing.selectors.waste import SHOWN, waste_of
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day, next_month


class WasteView(MoneyView):
    """The waste list of a month, the dearest first, and how far each team's cards were used."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show both."""
        today, who = business_day(timezone.now()), person(request)
        asked: dict[str, Any] = WasteQuery.read(request.GET, today=today)
        month, why = asked["month"], asked["why"]
        waste = waste_of(month, who, why=why)
        cards, called = sum(use.cards for use in waste.uses), sum(use.called for use in waste.uses)
        context = {
            "month": month,
            "after": next_month(month),
            "today": today,
            "kinds": [(kind.value, kind.label, kind == why, wasted) for kind, wasted in waste.sums.items()],
            "amount": sum(wasted.amount for wasted in waste.sums.values()),
            "idle_rate": (cards - called) * 100 // cards if cards else 0,
            "cards": cards,
            "called": called,
            "idle": waste.sums[WasteKind.IDLE],
            "lines": waste.lines,
            "shown": SHOWN,
            "uses": waste.uses,
        }
        return render(request, "billing/waste.html", context)
