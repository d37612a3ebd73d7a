"""`/api/v1/reports/costs/`: what a month cost."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.forms.costs import CostQuery
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostBy, CostReport, CostRow, Key
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import MONTH, business_day


class CostRowSerializer(serializers.Serializer[CostRow]):
    """What one group cost, CNY, VAT included; `key` is the group's, null where nobody held the card.

    `kinds` are amounts by kind of ledger entry, `made` outgoing calls, `before` the total of the month beside it.
    """

    key = serializers.SerializerMethodField()
    name = serializers.CharField()
    detail = serializers.CharField()
    cards = serializers.IntegerField()
    agents = serializers.IntegerField()
    made = serializers.IntegerField()
    minutes = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.DecimalField(max_digits=15, decimal_places=2))
    monthly = serializers.DecimalField(max_digits=15, decimal_places=2)
    calls = serializers.DecimalField(max_digits=15, decimal_places=2)
    other = serializers.DecimalField(max_digits=15, decimal_places=2)
    net = serializers.DecimalField(max_digits=15, decimal_places=2)
    tax = serializers.DecimalField(max_digits=15, decimal_places=2)
    before = serializers.DecimalField(max_digits=15, decimal_places=2)
    total = serializers.DecimalField(max_digits=15, decimal_places=2)

    @extend_schema_field({"type": ["integer", "string", "null"]})
    def get_key(self, row: CostRow) -> Key:
        """Return the id of the group; a region's or purpose's own word."""
        return row.key


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
            OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH),
            OpenApiParameter("by", str, enum=[by.value for by in CostBy], description="team when left out"),
            OpenApiParameter("of", str, enum=[by.value for by in CostBy], description="narrowed to a group of this"),
            OpenApiParameter("key", str, description="the group's key; none: what belongs to nobody"),
            OpenApiParameter("against", str, description="YYYY-MM beside it", pattern=MONTH),
        ],
        responses=CostReportSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say what a month cost, group by group."""
        query: dict[str, Any] = CostQuery.read(request.query_params, today=business_day(timezone.now()))
        wanted = Wanted(month=query["month"], by=query["by"], part=query["part"], against=query["against"])
        return Response(CostReportSerializer(cost_report(wanted, user=person_of(request))).data)
