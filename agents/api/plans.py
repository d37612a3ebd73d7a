"""`/api/v1/training/plans/`: who is to be trained in what, until when (R56, R73)."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.forms.learning import PlanForm
from agents.models import TrainingPlan
from agents.services.plans import plan_training, withdraw_plan
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, ListFilterSet


class TrainingPlanSerializer(serializers.ModelSerializer[TrainingPlan]):
    """That the agents of a team and below, of all without one, pass a course within some days; `course` is its code."""

    course = serializers.CharField(source="course.code", read_only=True)

    class Meta:
        model = TrainingPlan
        fields = ("id", "course", "team", "starts_on", "due_on", "note", "made_at", "made_by", "withdrawn_at")
        read_only_fields = fields


class TrainingPlanFilter(ListFilterSet):
    """Filters over plans; `course` is its code, `standing`: not withdrawn."""

    course = django_filters.CharFilter(field_name="course__code")
    team = django_filters.NumberFilter(field_name="team_id")
    due_on = Days()
    standing = django_filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull")

    class Meta:
        model = TrainingPlan
        fields: tuple[str, ...] = ()


class TrainingPlanViewSet(viewsets.ReadOnlyModelViewSet[TrainingPlan]):
    """The plans for the teams in scope, and those for everybody."""

    queryset = TrainingPlan.objects.all()
    serializer_class = TrainingPlanSerializer
    filterset_class = TrainingPlanFilter
    permission_classes = (HasRight,)
    right = "agents.view_trainingplan"
    rights = {"create": "agents.add_trainingplan", "withdraw": "agents.add_trainingplan"}

    def get_queryset(self) -> QuerySet[TrainingPlan]:
        """Return those in scope."""
        return TrainingPlan.objects.visible_to(person_of(self.request)).select_related("course")

    @extend_schema(request=asks(PlanForm), responses={201: TrainingPlanSerializer})
    def create(self, request: Request) -> Response:
        """Plan a training."""
        given = filled(request, PlanForm, person=person_of(request)).cleaned_data
        course = given.pop("course")
        plan = plan_training(course_id=course.pk, **given, **acting(request))
        return Response(TrainingPlanSerializer(plan).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=TrainingPlanSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a plan back."""
        plan = withdraw_plan(plan_id=self.get_object().pk, **acting(request))
        return Response(TrainingPlanSerializer(plan).data)
