"""`/api/v1/agents/`."""

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from agents.filters import AgentFilter
from agents.models import Agent
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api.permissions import HasRight


class AgentSerializer(serializers.ModelSerializer[Agent]):
    """An agent; `team` is an id, `open_cards` how many cards they hold."""

    name = serializers.CharField(source="user.name", read_only=True)
    staff_no = serializers.CharField(source="user.staff_no", read_only=True, allow_null=True)
    team = serializers.IntegerField(source="user.team_id", read_only=True, allow_null=True)
    open_cards = serializers.IntegerField(read_only=True)

    class Meta:
        model = Agent
        fields = ("id", "name", "staff_no", "team", "status", "hold_reason", "joined_on", "left_on", "open_cards")
        read_only_fields = fields


class AgentViewSet(viewsets.ReadOnlyModelViewSet[Agent]):
    """The agents in the person's scope."""

    queryset = Agent.objects.all()
    serializer_class = AgentSerializer
    filterset_class = AgentFilter
    permission_classes = (HasRight,)
    right = "agents.view_agent"

    def get_queryset(self) -> QuerySet[Agent]:
        """Return the agents in scope."""
        return Agent.objects.visible_to(person_of(self.request)).select_related("user").with_open_cards()
