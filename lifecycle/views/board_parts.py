"""Parts of the board that are fetched after it, each answering for itself, and the assessment asked for by hand."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agents.selectors.approvers import waiting_for
from billing.models import Dispute
from billing.selectors.top_ups import waiting_for as top_ups_for
from cardfleet.accounts.counted import kept
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import business_day
from cards.selectors.inspections import inspections_due
from lifecycle.selectors.board.absent import absent_today
from lifecycle.selectors.board.strip import Strip, calls_by_hour
from lifecycle.selectors.board.totals import MonthCost, freshness, month_cost
from lifecycle.tasks import ASSESSMENT
from lifecycle.views.access import OfficeView, person

HOURS_KEPT_S, COST_KEPT_S, INSPECTIONS_KEPT_S = 60, 300, 60


class BoardCostView(OfficeView):
    """What the month has cost."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part."""
        now = timezone.now()
        told = (business_day(now), freshness(now=now))
        found = kept("cost", person(request), self.cost, seconds=COST_KEPT_S, now=now, told=told)
        return render(request, "lifecycle/board_cost.html", {"cost": found.made})

    def cost(self) -> tuple[MonthCost, int]:
        """Return the cost so far, and how many cards there are."""
        return month_cost(person(self.request), today=business_day(timezone.now())), self.cards().count()


class BoardHoursView(OfficeView):
    """Calls against the caps by team and hour."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the part; the same for a minute unless calls or an assessment came in."""
        now = timezone.now()
        told = (business_day(now), freshness(now=now))
        found = kept("hours", person(request), self.strip, seconds=HOURS_KEPT_S, now=now, told=told)
        return render(request, "lifecycle/board_hours.html", {"strip": found.made})

    def strip(self) -> tuple[Strip, int]:
        """Return the day's calls, and how many cards there are."""
        return calls_by_hour(self.cards(), now=timezone.now()), self.cards().count()


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
        who, now = person(request), timezone.now()
        today = business_day(now)
        due = kept(
            "inspections", who, lambda: self.inspections(today), seconds=INSPECTIONS_KEPT_S, now=now, told=(today,)
        )
        context = {
            "requests": waiting_for(who).count() if who.has_perm("agents.view_cardrequest") else 0,
            "inspections": due.made,
            "disputes": self.disputes(today) if who.has_perm("billing.view_dispute") else 0,
            "today": today,
            "top_ups": top_ups_for(who).count() if who.has_perm("billing.approve_top_up") else 0,
        }
        return render(request, "lifecycle/board_waiting.html", context)

    def disputes(self, today: date) -> int:
        """Return how many complaints a carrier has not answered in its term."""
        return Dispute.objects.visible_to(person(self.request)).overdue(today).count()

    def inspections(self, today: date) -> tuple[int, int]:
        """Return how many cards are to be looked at, and how many cards there are."""
        return inspections_due(self.cards(), today=today).count(), self.cards().count()


class AssessNowView(OfficeView):
    """Assess the fleet now instead of at the next full hour."""

    permission_required = "lifecycle.change_alert"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for the assessment and show how far it is."""
        job = start_job(kind=ASSESSMENT, owner=person(request), now=timezone.now())
        enqueue(job)
        return redirect("jobs:detail", job.pk)
