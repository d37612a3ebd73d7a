"""`/api/v1/reports/purposes/`: what cards are used for, and how far consents cover whom they call (R3, R57)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.reports import Report
from cardfleet.kernel.clock import MONTH, business_day
from cardfleet.kernel.months import MonthQuery
from cards.choices import Purpose
from lifecycle.choices import PurposeStanding
from lifecycle.selectors.desk.purposes import (
    CoverageRow,
    PurposeRow,
    SourceRow,
    coverage,
    industry_standings,
    purposes,
    sources,
)


class PurposeRowSerializer(serializers.Serializer[PurposeRow]):
    """Live cards of a purpose and industry, and by which source that is allowed or not."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    industry = serializers.CharField()
    cards = serializers.IntegerField()
    standing = serializers.ChoiceField(choices=PurposeStanding.choices)
    source: Any = serializers.CharField()


class BannedSerializer(serializers.Serializer[Any]):
    """An industry of the forbidden list."""

    industry = serializers.CharField()
    standing = serializers.ChoiceField(choices=PurposeStanding.choices)
    source: Any = serializers.CharField()


class CoverageSerializer(serializers.Serializer[CoverageRow]):
    """A month's calls of a campaign; `without` a consent, null where none of anybody was on record."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    industry = serializers.CharField()
    cards = serializers.IntegerField()
    calls = serializers.IntegerField()
    without = serializers.IntegerField(allow_null=True)
    refused = serializers.IntegerField(help_text="Calls to people who had refused them.")
    share = serializers.IntegerField(allow_null=True, help_text="Calls with a consent, per cent.")


class ConsentSourceSerializer(serializers.Serializer[SourceRow]):
    """Consents of a source given in the month; `stale` ran out and were not renewed."""

    source: Any = serializers.CharField()
    given = serializers.IntegerField()
    with_proof = serializers.IntegerField()
    ended = serializers.IntegerField()
    stale = serializers.IntegerField()


class PurposesSerializer(serializers.Serializer[Any]):
    """What cards are used for now, the forbidden list, and the calls and consents of a month."""

    month = serializers.DateField(format="%Y-%m")
    cards = PurposeRowSerializer(many=True)
    banned = BannedSerializer(many=True)
    coverage = CoverageSerializer(many=True)
    sources = ConsentSourceSerializer(many=True)


class PurposesReport(Report):
    """The desk's look at purposes and consents, over the whole fleet."""

    right = "lifecycle.view_desk"
    asks = MonthQuery

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH)],
        responses=PurposesSerializer,
    )
    def get(self, request: Request) -> Response:
        """Hold purposes and industries against the forbidden list, and a month's calls against the consents."""
        month, now = self.asked(request)["month"], timezone.now()
        today = business_day(now)
        banned = sorted(industry_standings(today).items())
        told = {
            "month": month,
            "cards": purposes(today),
            "banned": [{"industry": name, "standing": one.standing, "source": one.source} for name, one in banned],
            "coverage": coverage(month),
            "sources": sources(month, now=now),
        }
        return Response(PurposesSerializer(told).data)
