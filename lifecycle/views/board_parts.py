"""Parts of the board that are fetched after it, each answering for itself, and the assessment asked for by hand."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import business_day
from lifecycle.selectors.board.absent import absent_today
from lifecycle.selectors.board.waiting import waiting
from lifecycle.selectors.kept import kept_cost, kept_hours
from lifecycle.tasks import ASSESSMENT
from lifecycle.views.access import OfficeView, person


class BoardCostView(OfficeView):
    """What the month has cost."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        cost = kept_cost(person(request), now=timezone.now())
        return render(request, "lifecycle/board_cost.html", {"cost": cost})


class BoardHoursView(OfficeView):
    """Calls against the caps by team and hour."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part; the same for a minute unless calls or an assessment came in."""
        strip = kept_hours(person(request), now=timezone.now())
        return render(request, "lifecycle/board_hours.html", {"strip": strip})


class BoardAbsentView(OfficeView):
    """Who is away today, and which cards lie idle for it."""

    permission_required = "agents.view_absence"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        absent = absent_today(person(request), now=timezone.now())
        return render(request, "lifecycle/board_absent.html", {"absent": absent})


class BoardWaitingView(OfficeView):
    """What waits for this person: requests to decide on or to hand out from, and cards to be looked at."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part; each number is that of the list it leads to."""
        now = timezone.now()
        context = {**asdict(waiting(person(request), now=now)), "today": business_day(now)}
        return render(request, "lifecycle/board_waiting.html", context)


class AssessNowView(OfficeView):
    """Assess the fleet now instead of at the next full hour."""

    permission_required = "lifecycle.change_alert"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for the assessment and show how far it is."""
        job = start_job(kind=ASSESSMENT, owner=person(request), now=timezone.now())
        enqueue(job)
        return redirect("jobs:detail", job.pk)
