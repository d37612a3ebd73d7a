"""`/api/v1/reports/performance/`: the work of agents (R70)."""

from functools import partial
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.scripts import ScriptVersionSerializer
from agents.api.targets import CallPlanSerializer
from agents.selectors.targets import DayPlan
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.reports import Report
from cardfleet.kernel.clock import MONTH, business_day
from cardfleet.kernel.downloads import download
from cardfleet.kernel.months import MonthQuery
from cardfleet.lists.api.forms import InForms
from lifecycle.api.appraisals import AppraisalSerializer, RewardSerializer
from lifecycle.api.checked_calls import QualityCheckSerializer
from lifecycle.exporters.performance import as_csv, as_xlsx
from lifecycle.forms.performance import PerformanceQuery
from lifecycle.selectors.my_month import my_month
from lifecycle.selectors.performance import AgentMonth, scope_performance
from lifecycle.services.exports import record_export


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


class PerformanceReport(InForms, Report):
    """The scorecard of the agents in the person's scope."""

    right = "lifecycle.view_performance"
    asks = PerformanceQuery

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH),
            OpenApiParameter("team", int, description="a team and those below it; all when left out"),
        ],
        responses=PerformanceSerializer,
    )
    def get(self, request: Request) -> Any:
        """Say how each agent did in a month."""
        asked, now, person = self.asked(request), timezone.now(), person_of(request)
        rows = scope_performance(person, month=asked["month"], team=asked["team"], today=business_day(now))
        if self.file_form is None:
            return Response(PerformanceSerializer({"month": asked["month"], "rows": rows}).data)
        given = [name for name in ("month", "team") if name in request.query_params]
        number = record_export(actor=person, filters=given, now=now, action="lifecycle.performance_exported")
        name = f"performance-{asked['month']:%Y-%m}-{number}.{self.file_form}"
        return download(name, as_csv=partial(as_csv, rows), as_xlsx=partial(as_xlsx, rows))


class DayPlanSerializer(serializers.Serializer[DayPlan]):
    """What an agent is to do today, and the wording approved for it."""

    plan = CallPlanSerializer()
    script = ScriptVersionSerializer(allow_null=True)


class MyMonthSerializer(serializers.Serializer[Any]):
    """One's own month; `waiting` are appraisals, of any month, to be signed on the page. All null for no agent."""

    month = serializers.DateField(format="%Y-%m")
    row = AgentMonthSerializer(source="mine.row", allow_null=True, default=None)
    plan = DayPlanSerializer(source="mine.plan", allow_null=True, default=None)
    checks = QualityCheckSerializer(source="mine.checks", many=True, allow_null=True, default=None)
    rewards = RewardSerializer(source="mine.rewards", many=True, allow_null=True, default=None)
    waiting = AppraisalSerializer(source="mine.waiting", many=True, allow_null=True, default=None)


class MyMonthView(Report):
    """One's own work; nobody else's."""

    right = "lifecycle.view_my_cards"
    asks = MonthQuery

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH)],
        responses=MyMonthSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say how one's own month went, and what there is to do today."""
        month = self.asked(request)["month"]
        mine = my_month(person_of(request), month=month, today=business_day(timezone.now()))
        return Response(MyMonthSerializer({"month": month, "mine": mine}).data)
