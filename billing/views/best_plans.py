"""Plans that would have cost less: of all cards, and of one."""

from typing import Any

from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from billing.lists import BEST_PLANS
from billing.selectors.best_plan import plan_costs
from billing.views.access import MoneyView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage


class BestPlansView(ListPage):
    """Cards for which another plan of their carrier would have cost less, the largest saving first (R48, R66)."""

    listing = BEST_PLANS
    template_name = "billing/best_plans.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of cards, and what all that match would save."""
        advice = asked.ordered(reader.now)
        whole = advice.order_by().aggregate(
            cards=Count("pk"), saving=Sum("saving_year"), since=Max("advised_at"), month=Max("month")
        )
        related = ("card__carrier", "card__team", "plan", "best")
        listed = page_of(advice.select_related(*related), number=asked.query.get("page"), size=asked.size)
        best = asked.query.get("best", "")
        return {"page_obj": listed.page, "more": listed.more, "whole": whole, "best": best}


class CardPlansView(MoneyView):
    """What a card's last months would have cost on each plan of its carrier."""

    permission_required = "billing.view_planadvice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the plans, the cheapest first."""
        card = self.card_or_404(pk)
        plans = plan_costs(card.pk, today=business_day(timezone.now()))
        return render(request, "billing/card_plans.html", {"card": card, "plans": plans})
