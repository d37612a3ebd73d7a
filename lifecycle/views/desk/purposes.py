"""What cards are used for, and how far consents cover whom they call."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cardfleet.kernel.clock import business_day, next_month
from lifecycle.selectors.desk.purposes import coverage, industry_standings, purposes, sources
from lifecycle.views.desk.access import DeskPage
from lifecycle.views.notices import month_of


class PurposesView(DeskPage):
    """Purposes and industries against the forbidden list; consents of a month."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        now = timezone.now()
        today = business_day(now)
        month = month_of(request.GET.get("month", ""), today)
        context = {
            "rows": purposes(today),
            "banned": sorted(industry_standings(today).items()),
            "coverage": coverage(month),
            "sources": sources(month, now=now),
            "month": month,
            "before": (month - timedelta(days=1)).strftime("%Y-%m"),
            "after": next_month(month).strftime("%Y-%m"),
        }
        return render(request, "lifecycle/desk/purposes.html", context)
