"""How agents work, month by month, for those in charge of them (R70, R71)."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Agent, Reward
from agents.querysets import AgentQuerySet
from agents.services.appraisals import withdraw_reward
from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.downloads import download
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from lifecycle.exporters.performance import as_csv, as_xlsx
from lifecycle.forms.performance import AppraisalForm, PerformanceQuery, RewardForm, month_of
from lifecycle.models import QualityCheck
from lifecycle.selectors.performance import AgentMonth, performance, scope_performance
from lifecycle.services.exports import record_export
from lifecycle.services.performance import appraise, reward_agent
from lifecycle.views.access import OfficeView, person

MOST = 200


class AgentsWork(OfficeView):
    """A page about how agents of the person's scope work."""

    permission_required = "lifecycle.view_performance"

    def agents(self) -> AgentQuerySet:
        """Return the agents in scope."""
        return Agent.objects.visible_to(person(self.request))

    def agent_or_404(self, pk: int) -> Agent:
        """Return an agent in scope; one outside is as if they were not."""
        agent = self.agents().select_related("user__team").filter(pk=pk).first()
        if agent is None:
            raise Http404
        return agent


class PerformanceView(AgentsWork):
    """The month of all agents in scope, or of a team's."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it."""
        asked = self.asked()
        after = next_month(asked["month"])
        context = {
            "rows": self.rows(asked),
            "month": asked["month"],
            "team": asked["team"],
            "teams": Team.objects.visible_to(person(request)),
            "before": month_start(asked["month"] - timedelta(days=1)),
            "after": after if after <= business_day(timezone.now()) else None,
        }
        return render(request, "lifecycle/performance.html", context)

    def asked(self) -> dict[str, Any]:
        """Return what the address asks for. BadInput names what cannot be used."""
        return PerformanceQuery.read(self.request.GET, today=business_day(timezone.now()))

    def rows(self, asked: dict[str, Any], *, most: int | None = MOST) -> list[AgentMonth]:
        """Return the months of the agents asked for, by team and name."""
        today = business_day(timezone.now())
        return scope_performance(person(self.request), month=asked["month"], team=asked["team"], today=today, most=most)


class PerformanceExportView(PerformanceView):
    """The same as CSV or XLSX; that somebody took it is journalled."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        asked = self.asked()
        rows = self.rows(asked, most=None)
        given = [name for name in ("month", "team") if name in request.GET]
        action = "lifecycle.performance_exported"
        number = record_export(actor=person(request), filters=given, now=timezone.now(), action=action)
        name = f"performance-{asked['month']:%Y-%m}-{number}.{asked['format']}"
        return download(name, as_csv=partial(as_csv, rows), as_xlsx=partial(as_xlsx, rows))


class AgentMonthView(AgentsWork):
    """One agent's month: figures, checked calls, rewards, the appraisal."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.agent_or_404(pk))

    def month(self) -> date:
        """Return the month of the address."""
        return month_of(self.request.GET.get("month", ""), today=business_day(timezone.now()))

    def page(self, agent: Agent, *, status: int = 200, **context: Any) -> HttpResponse:
        """Return the page, with a form that came back."""
        today, month = business_day(timezone.now()), self.month()
        after = next_month(month)
        own = Agent.objects.filter(pk=agent.pk)
        context = {
            "agent": agent,
            "row": performance(own, month=month, user=None, today=today)[0],
            "checks": QualityCheck.objects.of_month(agent, month).select_related("script__script", "by"),
            "rewards": Reward.objects.filter(agent=agent, month=month).select_related("recorded_by"),
            "month": month,
            "before": month_start(month - timedelta(days=1)),
            "after": after if after <= today else None,
            "reward_form": RewardForm(),
            "appraisal_form": AppraisalForm(),
            **context,
        }
        return render(self.request, "lifecycle/agent_month.html", context, status=status)

    def back(self, agent: Agent) -> HttpResponse:
        """Lead to the month shown."""
        return redirect(f"{reverse('lifecycle:agent-month', args=[agent.pk])}?month={self.month():%Y-%m}")


class RewardView(AgentMonthView):
    """Record a reward or a penalty."""

    permission_required = "agents.add_reward"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""
        agent = self.agent_or_404(pk)
        form = RewardForm(request.POST)
        if not form.is_valid():
            return self.page(agent, status=422, reward_form=form)
        try:
            reward_agent(
                agent=agent, month=self.month(), **form.cleaned_data, actor=person(request), now=timezone.now()
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(agent, status=422, reward_form=form)
        return self.back(agent)


class RewardWithdrawView(AgentsWork):
    """Take a record of a reward back."""

    permission_required = "agents.add_reward"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it back."""
        get_object_or_404(Reward.objects.visible_to(person(request)), pk=pk)
        reward = withdraw_reward(reward_id=pk, actor=person(request), now=timezone.now())
        return redirect(f"{reverse('lifecycle:agent-month', args=[reward.agent_id])}?month={reward.month:%Y-%m}")


class AppraiseView(AgentMonthView):
    """Write and sign an appraisal."""

    permission_required = "agents.add_appraisal"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign it with the figures of the month."""
        agent = self.agent_or_404(pk)
        form = AppraisalForm(request.POST)
        if not form.is_valid():
            return self.page(agent, status=422, appraisal_form=form)
        try:
            appraise(agent=agent, month=self.month(), **form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(agent, status=422, appraisal_form=form)
        messages.success(request, _("You signed the appraisal; the agent is asked to sign it too."))
        return self.back(agent)
