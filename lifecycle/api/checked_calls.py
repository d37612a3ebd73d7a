"""`/api/v1/quality-checks/`: calls that somebody listened to (R58, R59, R60, R62)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent, ScriptVersion
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from lifecycle.choices import CheckCategory
from lifecycle.forms.performance import HEARD
from lifecycle.models import QualityCheck
from lifecycle.rules.checked_calls import Heard
from lifecycle.services.checked_calls import CheckFacts, check_call


class QualityCheckSerializer(serializers.ModelSerializer[QualityCheck]):
    """A checked call: `courtesy`, `accuracy` and `satisfaction` 1 to 5, `points` 0 to 100."""

    class Meta:
        model = QualityCheck
        fields = (
            "id", "agent", "card", "called_on", "script", *HEARD, "category", "refused", "satisfaction", "points",
            "note", "at", "by",
        )  # fmt: skip
        read_only_fields = fields


class NewQualityCheckSerializer(serializers.Serializer[Any]):
    """What was heard of an agent's call; of what was said, nothing.

    `number` is of a person who refused further calls: it goes to the do-not-call list as a hash and is not kept here.
    """

    agent = serializers.InScope(queryset=Agent.objects.all())
    called_on = serializers.DateField()
    script = serializers.PrimaryKeyRelatedField(
        queryset=ScriptVersion.objects.filter(approved_at__isnull=False), required=False, allow_null=True
    )
    courtesy = serializers.IntegerField(min_value=1, max_value=5)
    accuracy = serializers.IntegerField(min_value=1, max_value=5)
    no_pressure = serializers.BooleanField()
    identity_stated = serializers.BooleanField()
    opt_out_offered = serializers.BooleanField()
    category = serializers.ChoiceField(choices=CheckCategory.choices, required=False, allow_blank=True)
    satisfaction = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    refused = serializers.BooleanField(required=False)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True, write_only=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class QualityCheckFilter(ListFilterSet):
    """Filters over checks."""

    agent = Ids("agent_id")
    category = django_filters.MultipleChoiceFilter(choices=CheckCategory)
    called_after = django_filters.DateFilter(field_name="called_on", lookup_expr="gte")
    called_before = django_filters.DateFilter(field_name="called_on", lookup_expr="lt")

    class Meta:
        model = QualityCheck
        fields: tuple[str, ...] = ()


class QualityCheckViewSet(viewsets.ReadOnlyModelViewSet[QualityCheck]):
    """The checks of the agents in scope. None is changed."""

    queryset = QualityCheck.objects.all()
    serializer_class = QualityCheckSerializer
    filterset_class = QualityCheckFilter
    permission_classes = (HasRight,)
    right = "lifecycle.check_quality"

    def get_queryset(self) -> QuerySet[QualityCheck]:
        """Return the checks in scope."""
        return QualityCheck.objects.visible_to(person_of(self.request))

    @extend_schema(request=NewQualityCheckSerializer, responses={201: QualityCheckSerializer})
    def create(self, request: Request) -> Response:
        """Keep a check; the agent is told."""
        given = self.given(NewQualityCheckSerializer)
        heard = Heard(**{name: given.pop(name) for name in HEARD})
        agent, facts = given.pop("agent"), CheckFacts(**given)
        check = check_call(agent=agent, heard=heard, facts=facts, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(check).data, status=status.HTTP_201_CREATED)
