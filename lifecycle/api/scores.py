"""`/api/v1/reports/carriers/`: how reliable and how dear each carrier was (R43, R77)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.reports import Report
from cardfleet.kernel.clock import MONTH
from cardfleet.kernel.months import MonthQuery
from lifecycle.rules.quality import Quality
from lifecycle.selectors.cases.repairs import Repairs
from lifecycle.selectors.kept import kept_scores
from lifecycle.selectors.scorecard import Score


class CallQualitySerializer(serializers.Serializer[Quality]):
    """What was said and seen of calls: `scores` opinions of 1 to 5 with their `mean`, `dropped` of so many `calls`."""

    scores = serializers.IntegerField()
    mean = serializers.DecimalField(max_digits=3, decimal_places=1, allow_null=True)
    poor_share = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True, help_text="Per cent.")
    dropped = serializers.IntegerField()
    calls = serializers.IntegerField()
    drop_rate = serializers.DecimalField(
        max_digits=5, decimal_places=1, allow_null=True, help_text="Of 1,000 calls that got through."
    )


class RepairsSerializer(serializers.Serializer[Repairs]):
    """Faults the carrier mended: how many, the median hours, how many within the law's time."""

    count = serializers.IntegerField()
    hours = serializers.DecimalField(max_digits=9, decimal_places=1)
    in_law = serializers.IntegerField()


class ScoreSerializer(serializers.Serializer[Score]):
    """A carrier's month; rates are per cent of its cards, hours are means, `cost` is CNY an answered minute."""

    carrier = serializers.IntegerField(source="carrier.pk")
    name = serializers.CharField(source="carrier.name")
    cards = serializers.IntegerField()
    stopped = serializers.IntegerField()
    faulty = serializers.IntegerField()
    complaints = serializers.IntegerField()
    stop_rate = serializers.DecimalField(max_digits=6, decimal_places=1)
    fault_rate = serializers.DecimalField(max_digits=6, decimal_places=1)
    complaint_rate = serializers.DecimalField(max_digits=6, decimal_places=1)
    downtime = serializers.DecimalField(max_digits=6, decimal_places=1, help_text="Of the cards' time, per cent.")
    down_hours = serializers.DecimalField(max_digits=9, decimal_places=1, allow_null=True)
    answer_hours = serializers.DecimalField(
        max_digits=9, decimal_places=1, allow_null=True, help_text="From a case to the cause its carrier confirmed."
    )
    cost = serializers.DecimalField(max_digits=15, decimal_places=3, allow_null=True)
    quality = CallQualitySerializer()
    repairs = RepairsSerializer(allow_null=True)


class ScorecardSerializer(serializers.Serializer[Any]):
    """The carriers of a month, the one with most cards first; a large fleet's stand for up to five minutes."""

    month = serializers.DateField(format="%Y-%m")
    counted_at = serializers.DateTimeField()
    rows = ScoreSerializer(many=True)


class CarriersReport(Report):
    """The carriers of the cards in the person's scope."""

    right = "billing.view_costs"
    asks = MonthQuery

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH)],
        responses=ScorecardSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say how reliable and how dear each carrier was in a month."""
        month = self.asked(request)["month"]
        counted = kept_scores(person_of(request), month=month, now=timezone.now())
        told = {"month": month, "counted_at": counted.at, "rows": counted.made}
        return Response(ScorecardSerializer(told).data)
