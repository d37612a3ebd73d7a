"""Customers' problems: an agent's own, or those of the agents in scope (R62)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Agent
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.problems import ProblemForm, SolveForm
from lifecycle.models import CustomerProblem
from lifecycle.services.problems import record_problem, solve_problem
from lifecycle.views.access import OfficeView, person

SHOWN = 25


class ProblemsPage(OfficeView):
    """The page of the problems, open ones first, and the form to record one."""

    permission_required = "lifecycle.view_customerproblem"

    def own(self) -> Agent | None:
        """Return the agent who asks; None for the office."""
        return Agent.objects.active().filter(user=person(self.request)).first()

    def form(self, *args: Any, **kwargs: Any) -> ProblemForm | None:
        """Return the form for whoever may record; None for others."""
        who = person(self.request)
        may = who.has_perm("lifecycle.add_customerproblem")
        return ProblemForm(*args, person=who, own=self.own(), **kwargs) if may else None

    def page(self, form: ProblemForm | None, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page around a form."""
        seen = CustomerProblem.objects.visible_to(person(self.request)).waiting_first()
        rows = seen.select_related("agent__user__team", "card__carrier", "solved_by")
        page = Paginator(rows, SHOWN).get_page(self.request.GET.get("page", "1"))
        context |= {"form": form, "page_obj": page, "rows": page.object_list, "solve": SolveForm()}
        return render(self.request, "lifecycle/problems.html", context, status=status)


class ProblemsView(ProblemsPage):
    """See and record problems."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(self.form(initial={"raised_on": business_day(timezone.now())}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record one."""
        form = self.form(request.POST)
        if form is None:
            return redirect("lifecycle:problems")
        if not form.is_valid():
            return self.page(form, status=422)
        given = {"agent": self.own(), **form.cleaned_data}
        try:
            record_problem(**given, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        messages.success(request, _("Recorded. Say here how it was solved, once it is."))
        return redirect("lifecycle:problems")


class ProblemSolveView(ProblemsPage):
    """Say how one was solved."""

    permission_required = "lifecycle.change_customerproblem"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""
        if not CustomerProblem.objects.visible_to(person(request)).filter(pk=pk).exists():
            raise Http404
        form = SolveForm(request.POST)
        if not form.is_valid():
            return self.page(self.form(), status=422, tried=pk, solving=form)
        try:
            solve_problem(problem_id=pk, **form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            if refusal.status != 400:
                raise
            add_refusal(form, refusal)
            return self.page(self.form(), status=422, tried=pk, solving=form)
        messages.success(request, _("Solved."))
        return redirect("lifecycle:problems")
