"""`/api/v1/agents/`."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.leavings import LeavingSerializer
from agents.forms import AgentForm, AgentImportForm, ReasonForm
from agents.lists import AGENTS
from agents.models import Agent
from agents.services.agent_files import ask_agent_import
from agents.services.agents import AgentFacts, create_agent, hold, leave, rejoin, release, update_agent
from agents.services.leaving import give_notice
from cardfleet.accounts.access import acting, person_of
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.lists.api.listed import Listed


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


class EnteredAgentSerializer(AgentSerializer):
    """An agent who may sign in; the one-time password is told this once."""

    password = serializers.CharField(read_only=True)

    class Meta(AgentSerializer.Meta):
        fields = (*AgentSerializer.Meta.fields, "password")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class AgentViewSet(Listed, viewsets.ReadOnlyModelViewSet[Agent]):
    """The agents in the person's scope. A one-time password is answered to who asked alone."""

    queryset = Agent.objects.all()
    serializer_class = AgentSerializer
    listing = AGENTS
    permission_classes = (HasRight,)
    right = "agents.view_agent"
    rights = {
        "create": "agents.add_agent",
        "imports": "agents.import_agent",
        **dict.fromkeys(("change", "hold", "release", "leave", "rejoin"), "agents.change_agent"),
    }
    answers_secrets = True

    def get_queryset(self) -> QuerySet[Agent]:
        """Return the agents in scope."""
        return Agent.objects.visible_to(person_of(self.request)).select_related("user").with_open_cards()

    @extend_schema(request=asks(AgentForm), responses={201: EnteredAgentSerializer})
    def create(self, request: Request) -> Response:
        """Enter an agent; the one-time password is answered, this once."""
        facts = filled(request, AgentForm, person=person_of(request)).facts()
        agent, password = create_agent(
            staff_no=str(facts.staff_no),
            name=facts.name,
            team=facts.team,
            mobile=facts.mobile,
            joined_on=facts.joined_on,
            **acting(request),
        )
        return self._with_password(agent, password)

    @extend_schema(request=asks(AgentImportForm), responses={202: JobSerializer})
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def imports(self, request: Request) -> Response:
        """Import a file of agents; its job says what became of each row."""
        given = filled(request, AgentImportForm, person=person_of(request)).cleaned_data
        job = ask_agent_import(
            upload=given["file"],
            create_missing=given.get("create_missing", False),
            dry_run=given["dry_run"],
            **acting(request),
        )
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=asks(AgentForm, partly=True), responses=AgentSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change an agent's facts; what is not sent stays as it is."""
        agent = self.get_object()
        known = AgentForm.of(AgentFacts.of(agent))
        form = filled(request, AgentForm, begins=known, person=person_of(request))
        update_agent(agent_id=agent.pk, facts=form.facts(), **acting(request))
        return self._shown(agent)

    @extend_schema(request=asks(ReasonForm), responses=AgentSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: str) -> Response:
        """Give an agent no further cards for now."""
        agent = self.get_object()
        hold(agent_id=agent.pk, **filled(request, ReasonForm).cleaned_data, **acting(request))
        return self._shown(agent)

    @extend_schema(request=None, responses=AgentSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """End a hold."""
        agent = self.get_object()
        release(agent_id=agent.pk, **acting(request))
        return self._shown(agent)

    @extend_schema(request=None, responses=EnteredAgentSerializer)
    @action(detail=True, methods=["post"])
    def rejoin(self, request: Request, pk: str) -> Response:
        """Employ somebody who left again; the one-time password is answered, this once."""
        agent, password = rejoin(agent_id=self.get_object().pk, joined_on=None, **acting(request))
        return self._with_password(agent, password)

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

    def _shown(self, agent: Agent) -> Response:
        return Response(AgentSerializer(self.get_queryset().get(pk=agent.pk)).data)

    def _with_password(self, agent: Agent, password: str) -> Response:
        answered = status.HTTP_201_CREATED if self.action == "create" else status.HTTP_200_OK
        told = AgentSerializer(self.get_queryset().get(pk=agent.pk)).data
        return Response({**told, "password": password}, status=answered, headers={"Cache-Control": "no-store"})
