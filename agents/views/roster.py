"""The agent list, and entering an agent."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agents.forms import AgentForm
from agents.lists import AGENTS
from agents.querysets import AgentQuerySet
from agents.selectors.roster import roster
from agents.services.agents import create_agent
from agents.views.access import AgentsView
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage


class RosterView(ListPage):
    """Agents, filtered by the address; an address that does not fit says so and shows nobody."""

    listing = AGENTS
    template_name = "agents/roster.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of agents."""
        listed = roster(
            cast("AgentQuerySet", asked.rows(reader.now)),
            today=business_day(reader.now),
            number=asked.query.get("page", "1"),
            size=asked.size,
            sort=asked.sort,
        )
        return {"listed": listed, "page_obj": listed.page}


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
