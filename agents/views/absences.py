"""Absences, recorded and ended on the agent's page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.choices import AbsenceKind
from agents.forms import AbsenceForm
from agents.models import Absence
from agents.services.absences import end_absence, record_absence
from agents.views.access import AgentsView
from agents.views.agent import AgentView
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal


class AbsenceView(AgentView):
    """Record that an agent is away."""

    permission_required = "agents.add_absence"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""
        agent = self.agent_or_404(pk)
        form = AbsenceForm(request.POST)
        if not form.is_valid():
            return self.page(agent, status=422, absence_form=form)
        given = form.cleaned_data
        try:
            record_absence(
                agent_id=agent.pk,
                kind=AbsenceKind(given["kind"]),
                starts_on=given["starts_on"],
                ends_on=given["ends_on"] or given["starts_on"],
                note=given["note"],
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(agent, status=422, absence_form=form)
        messages.success(request, _("The absence is recorded. The board names the cards that lie idle for it."))
        return redirect("agents:detail", pk)


class EndView(AgentsView):
    """Note that an agent is back."""

    permission_required = "agents.change_absence"

    def post(self, request: HttpRequest, pk: int, absence: int) -> HttpResponse:
        """End the absence."""
        agent = self.agent_or_404(pk)
        if not Absence.objects.filter(pk=absence, agent=agent).exists():
            raise Http404
        end_absence(absence_id=absence, actor=self.person, now=timezone.now())
        messages.success(request, _("The absence is ended."))
        return redirect("agents:detail", pk)
