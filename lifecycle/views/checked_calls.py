"""Checking the quality of calls (R58, R59, R60, R62)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.forms.performance import CheckForm
from lifecycle.models import QualityCheck
from lifecycle.services.checked_calls import check_call
from lifecycle.views.access import OfficeView, person

RECENT = 30


class QualityCheckView(OfficeView):
    """The form of a checked call, and the latest checks in scope."""

    permission_required = "lifecycle.check_quality"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; `?agent=` names whose call it was."""
        initial = {"agent": request.GET.get("agent", ""), "called_on": business_day(timezone.now())}
        return self.page(CheckForm(initial=initial, person=person(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep a check."""
        form = CheckForm(request.POST, person=person(request))
        if not form.is_valid():
            return self.page(form, status=422)
        agent = form.cleaned_data["agent"]
        try:
            check = check_call(
                agent=agent, heard=form.heard(), facts=form.facts(), actor=person(request), now=timezone.now()
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        said = _("%(agent)s: %(points)s points. The agent is told.")
        messages.success(request, said % {"agent": agent, "points": check.points})
        return redirect("lifecycle:quality-check")

    def page(self, form: CheckForm, **answer: Any) -> HttpResponse:
        """Return the page around a form."""
        seen = QualityCheck.objects.visible_to(person(self.request)).select_related("agent__user__team", "by")
        context = {"form": form, "checks": seen.order_by("-id")[:RECENT]}
        return render(self.request, "lifecycle/quality_check.html", context, **answer)
