"""`/api/v1/targets/`, `call-plans/`: what is to be reached in a month, and how many calls a day (R31, R69)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import Metric
from agents.forms.targets import CallPlanForm
from agents.models import Agent, CallPlan, Target
from agents.services.targets import plan_calls, set_targets, split_target, withdraw_call_plan
from cardfleet.accounts.access import acting, person_of
from cardfleet.accounts.models import Team
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, ListFilterSet

MOST = 1000
HIGHEST = 10_000_000


def month_field() -> serializers.DateField:
    """Return the field of a month: 2026-11."""
    return serializers.DateField(format="%Y-%m", input_formats=["%Y-%m"])


class TargetSerializer(serializers.ModelSerializer[Target]):
    """What a team or an agent is to reach in a month."""

    month = serializers.DateField(format="%Y-%m", read_only=True)

    class Meta:
        model = Target
        fields = ("id", "month", "metric", "team", "agent", "value", "set_at", "set_by")
        read_only_fields = fields


class TargetRowSerializer(serializers.Serializer[Any]):
    """A target of one team or one agent; null takes it away."""

    team = serializers.KeyField(Team, required=False)
    agent = serializers.KeyField(Agent, required=False)
    value = serializers.IntegerField(min_value=0, max_value=HIGHEST, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both or neither of `team` and `agent`."""
        if ("team" in attrs) == ("agent" in attrs):
            raise serializers.ValidationError(_("Name either a team or an agent."), code="team_or_agent")
        return attrs


class TargetsSerializer(serializers.Serializer[Any]):
    """The targets of a month that are set, all or none."""

    month = month_field()
    metric = serializers.ChoiceField(choices=Metric.choices)
    targets = serializers.ListField(child=TargetRowSerializer(), allow_empty=False, max_length=MOST)


class TargetSplitSerializer(serializers.Serializer[Any]):
    """Whose target is split over what is directly below."""

    month = month_field()
    metric = serializers.ChoiceField(choices=Metric.choices)
    team = serializers.KeyField(Team)


class TargetsChangedSerializer(serializers.Serializer[Any]):
    """How many targets changed."""

    changed = serializers.IntegerField()


class TargetFilter(ListFilterSet):
    """Filters over targets; `month` is its first day."""

    month = django_filters.DateFilter()
    metric = django_filters.ChoiceFilter(choices=Metric)
    team = django_filters.NumberFilter(field_name="team_id")
    agent = django_filters.NumberFilter(field_name="agent_id")

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()


class TargetViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Target]):
    """The targets of the teams in scope and their agents."""

    queryset = Target.objects.all()
    serializer_class = TargetSerializer
    filterset_class = TargetFilter
    permission_classes = (HasRight,)
    right = "agents.view_target"
    rights = {"create": "agents.change_target", "split": "agents.change_target"}

    def get_queryset(self) -> QuerySet[Target]:
        """Return those in scope."""
        return Target.objects.visible_to(person_of(self.request))

    @extend_schema(request=TargetsSerializer, responses=TargetsChangedSerializer)
    def create(self, request: Request) -> Response:
        """Set targets of teams and agents, all of them or none; one that is there already is changed."""
        given = self._given(TargetsSerializer)
        rows = given.pop("targets")
        teams = {row["team"]: row["value"] for row in rows if "team" in row}
        agents = {row["agent"]: row["value"] for row in rows if "agent" in row}
        return _changed(set_targets(**given, teams=teams, agents=agents, **acting(request)))

    @extend_schema(request=TargetSplitSerializer, responses=TargetsChangedSerializer)
    @action(detail=False, methods=["post"])
    def split(self, request: Request) -> Response:
        """Split a team's target over the teams directly below by their agents, else over its agents evenly."""
        given = self._given(TargetSplitSerializer)
        return _changed(split_target(team_id=given.pop("team"), **given, **acting(request)))

    def _given(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        read = form(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


def _changed(count: int) -> Response:
    return Response(TargetsChangedSerializer({"changed": count}).data)


class CallPlanSerializer(serializers.ModelSerializer[CallPlan]):
    """How many calls a day an agent, or each agent of a team and below, makes within some days."""

    class Meta:
        model = CallPlan
        fields = (
            *("id", "team", "agent", "starts_on", "ends_on", "calls", "purpose", "script", "note"),
            *("made_at", "made_by", "withdrawn_at"),
        )
        read_only_fields = fields


class CallPlanFilter(ListFilterSet):
    """Filters over plans of calls; `standing`: not withdrawn."""

    team = django_filters.NumberFilter(field_name="team_id")
    agent = django_filters.NumberFilter(field_name="agent_id")
    standing = django_filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull")
    ends_on = Days()

    class Meta:
        model = CallPlan
        fields: tuple[str, ...] = ()


class CallPlanViewSet(viewsets.ReadOnlyModelViewSet[CallPlan]):
    """The plans of calls of the teams and agents in scope."""

    queryset = CallPlan.objects.all()
    serializer_class = CallPlanSerializer
    filterset_class = CallPlanFilter
    permission_classes = (HasRight,)
    right = "agents.view_target"
    rights = {"create": "agents.change_target", "withdraw": "agents.change_target"}

    def get_queryset(self) -> QuerySet[CallPlan]:
        """Return those in scope."""
        return CallPlan.objects.visible_to(person_of(self.request))

    @extend_schema(request=asks(CallPlanForm), responses={201: CallPlanSerializer})
    def create(self, request: Request) -> Response:
        """Plan calls of a team, or of one agent by staff number or name."""
        facts = filled(request, CallPlanForm, person=person_of(request)).facts()
        plan = plan_calls(facts=facts, **acting(request))
        return Response(CallPlanSerializer(plan).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=CallPlanSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a plan of calls back."""
        plan = withdraw_call_plan(plan_id=self.get_object().pk, **acting(request))
        return Response(CallPlanSerializer(plan).data)
