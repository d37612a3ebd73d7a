"""`/api/v1/reports/performance/`: the work of agents (R70)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import MONTH, business_day
from lifecycle.forms.performance import PerformanceQuery
from lifecycle.selectors.performance import AgentMonth, scope_performance


class AgentMonthSerializer(serializers.Serializer[AgentMonth]):
    """An agent's month: `cost` in CNY, `points` of checked calls 0 to 100, `satisfaction` 1 to 5, both means."""

    agent = serializers.IntegerField(source="agent.pk")
    staff_no = serializers.CharField(source="agent.user.staff_no", allow_null=True)
    team = serializers.IntegerField(source="agent.user.team_id", allow_null=True)
    calls = serializers.IntegerField()
    answered = serializers.IntegerField()
    minutes = serializers.IntegerField()
    outside = serializers.IntegerField()
    broken = serializers.IntegerField()
    complaints = serializers.IntegerField()
    checks = serializers.IntegerField()
    points = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)
    satisfaction = serializers.DecimalField(max_digits=3, decimal_places=1, allow_null=True)
    cost = serializers.DecimalField(max_digits=15, decimal_places=2)
    cost_per_answer = serializers.DecimalField(max_digits=15, decimal_places=2, allow_null=True)
    training = serializers.CharField()
    targets = serializers.DictField(child=serializers.IntegerField())


class PerformanceSerializer(serializers.Serializer[Any]):
    """The scorecard of a month."""

    month = serializers.DateField(format="%Y-%m")
    rows = AgentMonthSerializer(many=True)


class PerformanceReport(APIView):
    """The scorecard of the agents in the person's scope."""

    permission_classes = (HasRight,)
    right = "lifecycle.view_performance"

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH),
            OpenApiParameter("team", int, description="a team and those below it; all when left out"),
        ],
        responses=PerformanceSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say how each agent did in a month."""
        today = business_day(timezone.now())
        asked = PerformanceQuery.read(request.query_params, today=today)
        rows = scope_performance(person_of(request), month=asked["month"], team=asked["team"], today=today)
        return Response(PerformanceSerializer({"month": asked["month"], "rows": rows}).data)
