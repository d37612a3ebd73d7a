"""`/api/v1/reports/costs/`: what a month cost."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.forms.costs import CostQuery
from billing.selectors.cost_rows import CostBy, CostReport, CostRow
from billing.selectors.costs import month_costs
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day


class CostRowSerializer(serializers.Serializer[CostRow]):
    """What one group cost, CNY; `key` is the group's id, null where nobody held the card."""

    key = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    detail = serializers.CharField()
    cards = serializers.IntegerField()
    minutes = serializers.IntegerField()
    monthly = serializers.DecimalField(max_digits=15, decimal_places=2)
    calls = serializers.DecimalField(max_digits=15, decimal_places=2)
    other = serializers.DecimalField(max_digits=15, decimal_places=2)
    total = serializers.DecimalField(max_digits=15, decimal_places=2)


class CostReportSerializer(serializers.Serializer[CostReport]):
    """The report of a month."""

    month = serializers.DateField(format="%Y-%m")
    by = serializers.ChoiceField(choices=[by.value for by in CostBy])
    rows = CostRowSerializer(many=True)
    total = CostRowSerializer()


class CostsView(APIView):
    """The cost report of a month in the person's scope."""

    permission_classes = (HasRight,)
    right = "billing.view_costs"

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; this month when left out"),
            OpenApiParameter("by", str, enum=[by.value for by in CostBy], description="team when left out"),
        ],
        responses=CostReportSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return the report."""
        query: dict[str, Any] = CostQuery.read(request.query_params, today=business_day(timezone.now()))
        report = month_costs(query["month"], query["by"], user=person_of(request))
        return Response(CostReportSerializer(report).data)
