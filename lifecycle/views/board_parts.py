"""Parts of the board that are fetched after it, each answering for itself, and the assessment asked for by hand."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import business_day
from lifecycle.selectors.board.absent import absent_today
from lifecycle.selectors.board.strip import Strip, calls_by_hour
from lifecycle.selectors.board.totals import freshness, month_cost
from lifecycle.tasks import ASSESSMENT
from lifecycle.views.access import OfficeView, person

KEPT_S = 60


class BoardCostView(OfficeView):
    """What the month has cost."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        cost = month_cost(person(request), today=business_day(timezone.now()))
        return render(request, "lifecycle/board_cost.html", {"cost": cost})


class BoardHoursView(OfficeView):
    """Calls against the caps by team and hour."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        return render(request, "lifecycle/board_hours.html", {"strip": self.strip()})

    def strip(self) -> Strip:
        """Return the day's calls; the same for a minute unless calls or an assessment came in."""
        now = timezone.now()
        fresh = freshness(now=now)
        kept_for = (person(self.request).pk, business_day(now), fresh.assessed_at, fresh.usage_at)
        key = "board-hours:" + ":".join(str(part).replace(" ", "T") for part in kept_for)
        found: Strip | None = cache.get(key)
        if found is None:
            found = calls_by_hour(self.cards(), now=now)
            cache.set(key, found, timeout=KEPT_S)
        return found


class BoardAbsentView(OfficeView):
    """Who is away today, and which cards lie idle for it."""

    permission_required = "agents.view_absence"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        absent = absent_today(person(request), now=timezone.now())
        return render(request, "lifecycle/board_absent.html", {"absent": absent})


class AssessNowView(OfficeView):
    """Assess the fleet now instead of at the next full hour."""

    permission_required = "lifecycle.change_alert"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for the assessment and show how far it is."""
        job = start_job(kind=ASSESSMENT, owner=person(request), now=timezone.now())
        enqueue(job)
        return redirect("jobs:detail", job.pk)
