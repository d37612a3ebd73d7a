"""Who may open a page about agents, and which agents are theirs."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.views.generic import View

from agents.models import Agent
from agents.querysets import AgentQuerySet
from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User


class AgentsView(PermissionRequiredMixin, View):
    """A page that signs in first, answers 403 without the permission, and sees its scope only."""

    permission_required: str = "agents.view_agent"

    @property
    def person(self) -> User:
        """Who asks."""
        return person_of(self.request)

    def agents(self) -> AgentQuerySet:
        """Return the agents in the person's scope."""
        return Agent.objects.visible_to(self.person)

    def agent_or_404(self, pk: int) -> Agent:
        """Return an agent in scope; one outside is as if they were not."""
        agent = self.agents().select_related("user__team").filter(pk=pk).first()
        if agent is None:
            raise Http404
        return agent
