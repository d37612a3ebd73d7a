"""The page of one agent, and what is done there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.forms import AbsenceForm, AgentForm, NoticeForm, ReasonForm, TrainingForm
from agents.models import Agent, TrainingRecord
from agents.selectors.roster import agent_page
from agents.services import agents
from agents.services.leaving import give_notice
from agents.services.training import record_training, revoke_training
from agents.views.access import AgentsView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal


class AgentView(AgentsView):
    """Facts, cards in hand, history, training."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        return self.page(self.agent_or_404(pk))

    def page(
        self, agent: Agent, *, status: int = 200, **forms: TrainingForm | ReasonForm | AbsenceForm | NoticeForm
    ) -> HttpResponse:
        """Return the page, with a form that came back."""
        today = business_day(timezone.now())
        context = {
            "agent": agent,
            "page": agent_page(agent, today),
            "training_form": TrainingForm(initial={"passed_on": today}),
            "absence_form": AbsenceForm(initial={"starts_on": today}),
            "reason_form": ReasonForm(auto_id=False),
            "notice_form": NoticeForm(),
            **forms,
        }
        return render(self.request, "agents/agent.html", context, status=status)


class ChangeView(AgentsView):
    """Change an agent's facts."""

    permission_required = "agents.change_agent"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the facts."""
        agent = self.agent_or_404(pk)
        return self.form_page(agent, AgentForm(initial=AgentForm.of(agents.AgentFacts.of(agent)), person=self.person))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store them."""
        agent = self.agent_or_404(pk)
        form = AgentForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.form_page(agent, form, status=422)
        try:
            agents.update_agent(agent_id=agent.pk, facts=form.facts(), actor=self.person, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.form_page(agent, form, status=422)
        return redirect("agents:detail", agent.pk)

    def form_page(self, agent: Agent, form: AgentForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        return render(self.request, "agents/change.html", {"agent": agent, "form": form}, status=status)


class HoldView(AgentsView):
    """Give an agent no further cards for now."""

    permission_required = "agents.change_agent"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put them on hold."""
        agent = self.agent_or_404(pk)
        agents.hold(agent_id=agent.pk, reason=request.POST.get("reason", ""), actor=self.person, now=timezone.now())
        return redirect("agents:detail", pk)


class ReleaseView(AgentsView):
    """End a hold."""

    permission_required = "agents.change_agent"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Release them."""
        agents.release(agent_id=self.agent_or_404(pk).pk, actor=self.person, now=timezone.now())
        return redirect("agents:detail", pk)


class NoticeView(AgentView):
    """Note that an agent leaves on a day to come."""

    permission_required = "agents.change_leaving"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note it, and lead to what is to be wound up."""
        agent = self.agent_or_404(pk)
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return self.page(agent, status=422, notice_form=form)
        try:
            leaving = give_notice(agent_id=agent.pk, **form.cleaned_data, actor=self.person, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.page(agent, status=refusal.status, notice_form=form)
        return redirect("lifecycle:leaver", leaving.pk)


class LeaveView(AgentsView):
    """End an agent's employment; the page then shows what is still to be taken back."""

    permission_required = "agents.change_agent"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let them leave."""
        agent = self.agent_or_404(pk)
        reason = request.POST.get("reason", "")
        left = agents.leave(agent_id=agent.pk, reason=reason, actor=self.person, now=timezone.now())
        said = _("%(name)s has left and can no longer sign in.") % {"name": agent}
        messages.success(request, said)
        if left.held:
            count = len(left.held)
            text = ngettext(
                "%(count)s card is still to be taken back.", "%(count)s cards are still to be taken back.", count
            )
            messages.warning(request, text % {"count": count})
        return redirect("lifecycle:leaver", left.leaving.pk)


class RejoinView(AgentsView):
    """Employ somebody who left again; the one-time password is shown once."""

    permission_required = "agents.change_agent"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let them come back."""
        agent, password = agents.rejoin(
            agent_id=self.agent_or_404(pk).pk, joined_on=None, actor=self.person, now=timezone.now()
        )
        answer = render(request, "agents/password.html", {"agent": agent, "password": password})
        answer["Cache-Control"] = "no-store"
        return answer


class TrainView(AgentView):
    """Record that a course was passed."""

    permission_required = "agents.add_trainingrecord"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""
        agent = self.agent_or_404(pk)
        form = TrainingForm(request.POST)
        if not form.is_valid():
            return self.page(agent, status=422, training_form=form)
        given = form.cleaned_data
        try:
            record_training(
                agent_id=agent.pk,
                course_id=given["course"].pk,
                passed_on=given["passed_on"],
                score=given["score"],
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, " ".join(str(reason.message) for reason in refusal.reasons) or str(refusal))
            return self.page(agent, status=422, training_form=form)
        messages.success(request, _("The training is recorded."))
        return redirect("agents:detail", pk)


class RevokeView(AgentsView):
    """Take a training record back."""

    permission_required = "agents.change_trainingrecord"

    def post(self, request: HttpRequest, pk: int, record: int) -> HttpResponse:
        """Revoke it."""
        agent = self.agent_or_404(pk)
        if not TrainingRecord.objects.filter(pk=record, agent=agent).exists():
            raise Http404
        revoke_training(record_id=record, reason=request.POST.get("reason", ""), actor=self.person, now=timezone.now())
        return redirect("agents:detail", pk)
