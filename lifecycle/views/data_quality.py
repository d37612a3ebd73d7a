"""How good the data of the register is (R14)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cardfleet.kernel.clock import business_day
from lifecycle.selectors.data_quality import data_quality
from lifecycle.views.access import OfficeView, person


class DataQualityView(OfficeView):
    """What cards lack, what holders found wrong, and whose confirmation is still missing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the report."""
        now = timezone.now()
        report = data_quality(person(request), today=business_day(now))
        return render(request, "lifecycle/data_quality.html", {"report": report, "now": now})
