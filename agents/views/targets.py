"""Targets and plans of calls (R31, R69)."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.choices import Metric
from agents.errors.conduct import TargetNotUsable
from agents.forms.targets import CallPlanForm
from agents.models import CallPlan
from agents.selectors.targets import targets
from agents.services.targets import plan_calls, set_targets, split_target, withdraw_call_plan
from agents.views.access import AgentsView
from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.errors import Reason, Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.months import MonthQuery

SHOWN = 30


class TargetsView(AgentsView):
    """The targets of a month, a team at a time opened down to its agents."""

    permission_required = "agents.view_target"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page()

    def asked(self) -> tuple[date, str, int | None]:
        """Return the month, metric and team of the address."""
        given = self.request.GET
        month: date = MonthQuery.read({"month": given.get("month", "")}, today=business_day(timezone.now()))["month"]
        metric = given.get("metric", "")
        team = given.get("team", "")
        return month, metric if metric in Metric.values else Metric.CALLS, int(team) if team.isdigit() else None

    def address(self, month: date, metric: str, team: int | None) -> str:
        """Return the address of what is shown."""
        query = QueryDict(mutable=True)
        query.update({"month": f"{month:%Y-%m}", "metric": metric, **({"team": str(team)} if team else {})})
        return f"{reverse('agents:targets')}?{query.urlencode()}"

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page."""
        month, metric, team = self.asked()
        standing = CallPlan.objects.standing().visible_to(self.person).filter(ends_on__gte=business_day(timezone.now()))
        context = {
            "month": month,
            "before": month_start(month - timedelta(days=1)),
            "after": next_month(month),
            "metric": metric,
            "metrics": Metric.choices,
            "targets": targets(self.person, month=month, metric=metric, team_id=team),
            "plans": standing.select_related("team", "agent__user", "script")[:SHOWN],
            "plan_form": CallPlanForm(person=self.person, initial={"starts_on": business_day(timezone.now())}),
            **context,
        }
        return render(self.request, "agents/targets.html", context, status=status)


class SetView(TargetsView):
    """Set the targets that the form holds, or split one."""

    permission_required = "agents.change_target"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set them all or none; with `split` the team's target is split below it."""
        month, metric, team = self.asked()
        split = request.POST.get("split", "")
        try:
            if split.isdigit():
                get_object_or_404(Team.objects.visible_to(self.person), pk=split)
                changed = split_target(
                    month=month, metric=metric, team_id=int(split), actor=self.person, now=timezone.now()
                )
            else:
                values = {"teams": _values(request.POST, "team-"), "agents": _values(request.POST, "agent-")}
                changed = set_targets(month=month, metric=metric, **values, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            return self.page(status=refusal.status, refusal=refusal)
        messages.success(request, _("Targets changed: %(count)s") % {"count": changed})
        return redirect(self.address(month, metric, team))


class CallPlanView(TargetsView):
    """Plan calls."""

    permission_required = "agents.change_target"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the plan."""
        form = CallPlanForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(status=422, plan_form=form)
        try:
            plan_calls(facts=form.facts(), actor=self.person, now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(status=422, plan_form=form)
        messages.success(request, _("The calls are planned."))
        return redirect("agents:targets")


class CallPlanWithdrawView(AgentsView):
    """Take a plan of calls back."""

    permission_required = "agents.change_target"

    def post(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        get_object_or_404(CallPlan.objects.visible_to(self.person), pk=pk)
        withdraw_call_plan(plan_id=pk, actor=self.person, now=timezone.now())
        return redirect("agents:targets")


def _values(data: QueryDict, prefix: str) -> dict[int, int | None]:
    """Return the numbers of the fields that begin so, by id; empty is none. TargetNotUsable for what is no number."""
    found: dict[int, int | None] = {}
    for name, text in data.items():
        key = name.removeprefix(prefix)
        if name == key or not key.isdigit():
            continue
        plain = str(text).strip().replace(",", "")
        if plain and not (plain.isascii() and plain.isdigit()):
            message = _("Write a whole number.")
            raise TargetNotUsable(reasons=[Reason(code="no_number", field=name, message=message, value=plain[:20])])
        found[int(key)] = int(plain) if plain else None
    return found
