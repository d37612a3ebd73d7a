"""`/api/v1/agents/`."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.leavings import LeavingSerializer
from agents.filters import AgentFilter
from agents.models import Agent
from agents.services.agents import leave
from agents.services.leaving import give_notice
from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day


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


class LeaveSerializer(serializers.Serializer[object]):
    """That an agent leaves: today, or after a last day to come."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    leaves_on = serializers.DateField(required=False, allow_null=True, default=None)


class AgentViewSet(IdempotentMixin, viewsets.ReadOnlyModelViewSet[Agent]):
    """The agents in the person's scope."""

    queryset = Agent.objects.all()
    serializer_class = AgentSerializer
    filterset_class = AgentFilter
    permission_classes = (HasRight,)
    right = "agents.view_agent"
    rights = {"leave": "agents.change_agent"}

    def get_queryset(self) -> QuerySet[Agent]:
        """Return the agents in scope."""
        return Agent.objects.visible_to(person_of(self.request)).select_related("user").with_open_cards()

    @extend_schema(request=LeaveSerializer, responses=LeavingSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """End the employment today, access and all; with a later `leaves_on` only note it."""
        asked = LeaveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, agent, now = asked.validated_data, self.get_object(), timezone.now()
        by = {"agent_id": agent.pk, "reason": given["reason"], "actor": person_of(request), "now": now}
        if given["leaves_on"] and given["leaves_on"] != business_day(now):
            leaving = give_notice(leaves_on=given["leaves_on"], **by)
        else:
            leaving = leave(**by).leaving
        return Response(LeavingSerializer(leaving).data)
