"""The agent list, and entering an agent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.filters import AgentFilter
from agents.forms import AgentForm
from agents.selectors.roster import roster
from agents.services.agents import create_agent
from agents.views.access import AgentsView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.ui import Column

COLUMNS = [
    Column(label=_("Name"), sort="name"),
    Column(label=_("Staff number"), sort="staff_no"),
    Column(label=_("Team"), sort="team"),
    Column(label=_("Status")),
    Column(label=_("Cards held"), sort="cards", css="num"),
    Column(label=_("Compliance training"), css="off-phone"),
    Column(label=_("joined on"), sort="joined", css="off-phone"),
]
SIZE = 50


class RosterView(AgentsView):
    """Agents, filtered by the address; an unusable filter says so and shows nobody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        filters = AgentFilter(request.GET, queryset=self.agents(), request=request)
        usable = filters.is_valid()
        listed = roster(
            filters.qs if usable else self.agents().none(),
            today=business_day(timezone.now()),
            number=request.GET.get("page", "1"),
            size=SIZE,
            sort=request.GET.get("sort", ""),
        )
        context = {
            "filters": filters,
            "listed": listed,
            "page_obj": listed.page,
            "columns": COLUMNS,
            "is_filtered": bool({*filters.form.fields} & {name for name, value in request.GET.items() if value}),
        }
        return render(request, "agents/roster.html", context, status=200 if usable else 400)


class EnterView(AgentsView):
    """Enter one agent; the one-time password is shown once, on the answer."""

    permission_required = "agents.add_agent"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask who."""
        return self.page(AgentForm(person=self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter the agent and show the password."""
        form = AgentForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(form, status=422)
        facts = form.facts()
        try:
            agent, password = create_agent(
                staff_no=str(facts.staff_no),
                name=facts.name,
                team=facts.team,
                mobile=facts.mobile,
                joined_on=facts.joined_on,
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=422)
        answer = render(request, "agents/password.html", {"agent": agent, "password": password}, status=201)
        answer["Cache-Control"] = "no-store"
        return answer

    def page(self, form: AgentForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        return render(self.request, "agents/enter.html", {"form": form}, status=status)
