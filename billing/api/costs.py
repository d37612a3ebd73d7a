"""`/api/v1/reports/costs/`: what a month cost, what six did."""

from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.exporters.costs import as_answer
from billing.forms.costs import CostQuery
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostBy, CostReport, CostRow, Key
from billing.selectors.kept_costs import cost_trend
from billing.services.exports import COSTS, record_cost_export
from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import MONTH, business_day
from cardfleet.kernel.months import MonthQuery
from cardfleet.lists.api.forms import InForms
from cardfleet.lists.choices import FileForm


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


class TeamCostSerializer(serializers.Serializer[CostRow]):
    """What a team's cards cost, CNY, VAT included; `team` is null where nobody held the card."""

    team = serializers.IntegerField(source="pk", allow_null=True)
    name = serializers.CharField()
    total = serializers.DecimalField(max_digits=15, decimal_places=2)


class MonthCostSerializer(serializers.Serializer[CostReport]):
    """What a month cost, by team, the dearest first."""

    month = serializers.DateField(format="%Y-%m")
    total = serializers.DecimalField(source="total.total", max_digits=15, decimal_places=2)
    teams = TeamCostSerializer(source="rows", many=True)


class CostTrendSerializer(serializers.Serializer[Any]):
    """Six months, the earliest first."""

    months = MonthCostSerializer(many=True)


class CostsView(InForms, APIView):
    """The cost report of a month in the person's scope; as CSV or XLSX it is journalled."""

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
    def get(self, request: Request) -> HttpResponseBase:
        """Say what a month cost, group by group."""
        person, now = person_of(request), timezone.now()
        query: dict[str, Any] = CostQuery.read(request.query_params, today=business_day(now))
        wanted = Wanted(month=query["month"], by=query["by"], part=query["part"], against=query["against"])
        if self.file_form:
            return self.file(wanted, self.file_form, person, now)
        return Response(CostReportSerializer(cost_report(wanted, user=person)).data)

    def file(self, wanted: Wanted, form: FileForm, person: User, now: datetime) -> HttpResponseBase:
        """Return the report as the file of its page."""
        report = cost_report(wanted, user=person)
        number = record_cost_export(wanted=wanted, actor=person, now=now)
        mark = COSTS.format(number=number)
        return as_answer(report, form, number=number, mark=mark, taken_by=str(person), now=now)


class CostTrendView(APIView):
    """What a month and the five before it cost by team, in the person's scope."""

    permission_classes = (HasRight,)
    right = "billing.view_costs"

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="the last month; this one when left out", pattern=MONTH)
        ],
        responses=CostTrendSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say what six months cost, team by team."""
        now = timezone.now()
        month = MonthQuery.read(request.query_params, today=business_day(now))["month"]
        return Response(CostTrendSerializer({"months": cost_trend(month, user=person_of(request), now=now)}).data)
