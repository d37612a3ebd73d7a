"""`/api/v1/customer-problems/`: what customers were not content with, and how it was solved (R62)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Card
from lifecycle.choices import ProblemKind
from lifecycle.models import CustomerProblem
from lifecycle.services.problems import record_problem, solve_problem


class ProblemSerializer(serializers.ModelSerializer[CustomerProblem]):
    """What a customer was not content with, and how it was solved."""

    class Meta:
        model = CustomerProblem
        fields = (
            "id", "agent", "card", "kind", "text", "raised_on", "recorded_at", "solved_at", "solution", "satisfaction",
        )  # fmt: skip
        read_only_fields = fields


class NewProblemSerializer(serializers.Serializer[Any]):
    """A problem, without the customer's name or number; `card` is one that the agent holds."""

    agent = serializers.InScope(queryset=Agent.objects.all())
    card = serializers.InScope(queryset=Card.objects.all(), required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(choices=ProblemKind.choices)
    text = serializers.CharField(max_length=300)
    raised_on = serializers.DateField()


class SolvedSerializer(serializers.Serializer[Any]):
    """How it was solved, and how content the customer is with that: 1 (bad) to 5 (good), null for not asked."""

    solution = serializers.CharField(max_length=300)
    satisfaction = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True, default=None)


class ProblemFilter(ListFilterSet):
    """Filters over problems; `open`: not solved yet."""

    agent = django_filters.NumberFilter(field_name="agent_id")
    kind = django_filters.MultipleChoiceFilter(choices=ProblemKind)
    open = django_filters.BooleanFilter(field_name="solved_at", lookup_expr="isnull")

    class Meta:
        model = CustomerProblem
        fields: tuple[str, ...] = ()


class ProblemViewSet(viewsets.ReadOnlyModelViewSet[CustomerProblem]):
    """The problems of the agents in scope, and the person's own."""

    queryset = CustomerProblem.objects.all()
    serializer_class = ProblemSerializer
    filterset_class = ProblemFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_customerproblem"
    rights = {"create": "lifecycle.add_customerproblem", "solve": "lifecycle.change_customerproblem"}

    def get_queryset(self) -> QuerySet[CustomerProblem]:
        """Return those in scope."""
        return CustomerProblem.objects.visible_to(person_of(self.request))

    @extend_schema(request=NewProblemSerializer, responses={201: ProblemSerializer})
    def create(self, request: Request) -> Response:
        """Record a problem: an agent's own, or one of an agent in scope."""
        given = self.given(NewProblemSerializer)
        if given["card"] and given["card"].holder_id != given["agent"].user_id:
            raise NotVisible
        problem = record_problem(**given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(problem).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SolvedSerializer, responses=ProblemSerializer)
    @action(detail=True, methods=["post"])
    def solve(self, request: Request, pk: str) -> Response:
        """Say how a problem was solved. 409 for one that is."""
        problem, given = self.get_object(), self.given(SolvedSerializer)
        solved = solve_problem(problem_id=problem.pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(solved).data)
