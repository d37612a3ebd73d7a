"""`/api/v1/training/`, `acknowledgements/`: who may be given a card, what they passed and signed (R73, R112)."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agents.filters import AgentFilter
from agents.models import Acknowledgement, Agent, TrainingRecord
from agents.selectors.training import standings
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day


class StandingSerializer(serializers.Serializer[Any]):
    """Where an agent stands with the required courses.

    `state` is `valid`, `expiring` (within 30 days) or `lacking`; `valid_until` the day the first course lapses.
    """

    agent = serializers.IntegerField()
    staff_no = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    lacking = serializers.ListField(child=serializers.CharField())


class StandingViewSet(viewsets.GenericViewSet[Agent]):
    """The agents in the person's scope with their standing today."""

    queryset = Agent.objects.all()
    serializer_class = StandingSerializer
    filterset_class = AgentFilter
    permission_classes = (HasRight,)
    right = "agents.view_trainingrecord"

    def get_queryset(self) -> QuerySet[Agent]:
        """Return the agents in scope."""
        return Agent.objects.visible_to(person_of(self.request)).select_related("user")

    @extend_schema(responses=StandingSerializer(many=True))
    def list(self, _request: Request) -> Response:
        """List how agents stand with their training."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self._told(page))

    @extend_schema(responses=StandingSerializer)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Say how one agent stands with the training."""
        return Response(self._told([self.get_object()])[0])

    def _told(self, agents: Sequence[Agent]) -> Any:
        today = business_day(timezone.now())
        found = standings([agent.pk for agent in agents], today)
        rows = [
            {
                "agent": agent.pk,
                "staff_no": agent.user.staff_no,
                "state": found[agent.pk].state(today),
                "valid_until": found[agent.pk].valid_until,
                "lacking": list(found[agent.pk].lacking),
            }
            for agent in agents
        ]
        return StandingSerializer(rows, many=True).data


class RecordSerializer(serializers.ModelSerializer[TrainingRecord]):
    """That a course was passed; one that was revoked counts no more."""

    course = serializers.CharField(source="course.code", read_only=True)

    class Meta:
        model = TrainingRecord
        fields = ("id", "agent", "course", "passed_on", "valid_until", "score", "recorded_at", "revoked_at")
        read_only_fields = fields


class RecordFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over training records; `course` is its code."""

    agent = django_filters.NumberFilter(field_name="agent_id")
    course = django_filters.CharFilter(field_name="course__code")

    class Meta:
        model = TrainingRecord
        fields: tuple[str, ...] = ()


class RecordViewSet(viewsets.ReadOnlyModelViewSet[TrainingRecord]):
    """The trainings of the agents in the person's scope."""

    queryset = TrainingRecord.objects.all()
    serializer_class = RecordSerializer
    filterset_class = RecordFilter
    permission_classes = (HasRight,)
    right = "agents.view_trainingrecord"

    def get_queryset(self) -> QuerySet[TrainingRecord]:
        """Return the records in scope."""
        return TrainingRecord.objects.visible_to(person_of(self.request)).select_related("course")


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    """That a person signed version `number` of a policy."""

    policy = serializers.CharField(source="version.policy.code", read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Acknowledgement
        fields = ("id", "user", "policy", "number", "at")
        read_only_fields = fields


class AcknowledgementFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over acknowledgements; `policy` is its code."""

    user = django_filters.NumberFilter(field_name="user_id")
    policy = django_filters.CharFilter(field_name="version__policy__code")

    class Meta:
        model = Acknowledgement
        fields: tuple[str, ...] = ()


class AcknowledgementViewSet(viewsets.ReadOnlyModelViewSet[Acknowledgement]):
    """What the people in scope signed."""

    queryset = Acknowledgement.objects.all()
    serializer_class = AcknowledgementSerializer
    filterset_class = AcknowledgementFilter
    permission_classes = (HasRight,)
    right = "agents.view_policy"

    def get_queryset(self) -> QuerySet[Acknowledgement]:
        """Return those in scope."""
        return Acknowledgement.objects.visible_to(person_of(self.request)).select_related("version__policy")
