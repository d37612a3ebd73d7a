"""The desk: what is due."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lifecycle.selectors.desk.due import desk
from lifecycle.views.desk.access import DeskPage


class ComplianceView(DeskPage):
    """What is due, of whatever kind, and how much is open."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        now = timezone.now()
        return render(request, "lifecycle/desk/desk.html", {"desk": desk(now), "now": now})
