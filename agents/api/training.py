"""`/api/v1/training/`, `acknowledgements/`: who may be given a card, what they passed and signed (R73, R112)."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.filters import AgentFilter
from agents.forms import ReasonForm, TrainingForm
from agents.forms.learning import SessionForm
from agents.models import Acknowledgement, Agent, TrainingRecord
from agents.selectors.training import standings
from agents.services.plans import record_session
from agents.services.training import record_training, revoke_training
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.parsers import WITH_FILES
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import ListFilterSet

MOST = 500


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
        return Agent.objects.visible_to(person_of(self.request)).select_related("user").with_open_cards()

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


class NewRecordSerializer(asks(TrainingForm)):  # type: ignore[misc]
    """That an agent passed a course, by its id."""

    agent = serializers.InScope(queryset=Agent.objects.all())


class SessionSerializer(asks(SessionForm)):  # type: ignore[misc]
    """That many passed a course, by its id, on a day; what proves it comes as multipart under `sheet`."""

    agents = serializers.KeysField(Agent, allow_empty=False, max_length=MOST)


class RecordFilter(ListFilterSet):
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
    rights = {
        "create": "agents.add_trainingrecord",
        "sessions": "agents.add_trainingrecord",
        "revoke": "agents.change_trainingrecord",
    }

    def get_queryset(self) -> QuerySet[TrainingRecord]:
        """Return the records in scope."""
        return TrainingRecord.objects.visible_to(person_of(self.request)).select_related("course")

    @extend_schema(request=NewRecordSerializer, responses={201: RecordSerializer})
    def create(self, request: Request) -> Response:
        """Record that an agent passed a course."""
        given = self._given(NewRecordSerializer)
        agent, course = given.pop("agent"), given.pop("course")
        record = record_training(agent_id=agent.pk, course_id=course.pk, **given, **acting(request))
        return Response(RecordSerializer(record).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SessionSerializer, responses={201: RecordSerializer(many=True)})
    @action(detail=False, methods=["post"], parser_classes=WITH_FILES, pagination_class=None)
    def sessions(self, request: Request) -> Response:
        """Record that many passed a course on a day: all of them, or the answer says who cannot be."""
        given = self._given(SessionSerializer)
        sheet = given.get("sheet")
        records = record_session(
            course_id=given["course"].pk,
            agents=Agent.objects.visible_to(person_of(request)),
            agent_ids=given["agents"],
            passed_on=given["passed_on"],
            sheet=sheet.read() if sheet else b"",
            sheet_name=sheet.name if sheet else "",
            **acting(request),
        )
        return Response(RecordSerializer(records, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(ReasonForm), responses=RecordSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take a training record back."""
        record = self.get_object()
        revoked = revoke_training(record_id=record.pk, **filled(request, ReasonForm).cleaned_data, **acting(request))
        return Response(RecordSerializer(revoked).data)

    def _given(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        read = form(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    """That a person signed version `number` of a policy."""

    policy = serializers.CharField(source="version.policy.code", read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Acknowledgement
        fields = ("id", "user", "policy", "number", "at")
        read_only_fields = fields


class AcknowledgementFilter(ListFilterSet):
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
