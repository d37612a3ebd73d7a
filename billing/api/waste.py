"""`/api/v1/reports/waste/`: money wasted in a month, and how far the cards were used (R66, R84, R94, R95)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.choices import WasteKind
from billing.forms.waste import WasteQuery
from billing.selectors.waste import Use, WasteLine, waste_of
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import MONTH, business_day


class WastedSerializer(serializers.Serializer[Any]):
    """How many cards wasted how much, CNY, for one reason."""

    why = serializers.ChoiceField(choices=WasteKind.choices)
    cards = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=15, decimal_places=2)


class WasteLineSerializer(serializers.Serializer[WasteLine]):
    """A card that wasted an amount, CNY; `plan` is its name, `included` the minutes that it has."""

    card = serializers.IntegerField(source="card.pk")
    plan = serializers.CharField()
    why = serializers.ChoiceField(choices=WasteKind.choices)
    amount = serializers.DecimalField(max_digits=15, decimal_places=2)
    calls = serializers.IntegerField()
    minutes = serializers.IntegerField()
    included = serializers.IntegerField()


class UseSerializer(serializers.Serializer[Use]):
    """How far a team's cards were used: `held` and `called` of `cards`.

    `idle_rate` made no call, per cent of its cards; `of_minutes` were used, per cent of those included, null without.
    """

    team = serializers.CharField()
    cards = serializers.IntegerField()
    held = serializers.IntegerField()
    called = serializers.IntegerField()
    calls = serializers.IntegerField()
    minutes = serializers.IntegerField()
    included = serializers.IntegerField()
    idle_rate = serializers.IntegerField()
    of_minutes = serializers.IntegerField(allow_null=True)


class WasteSerializer(serializers.Serializer[Any]):
    """The waste of a month by reason, the 200 cards that wasted most, and each team's use of its cards."""

    month = serializers.DateField(format="%Y-%m")
    sums = WastedSerializer(many=True)
    lines = WasteLineSerializer(many=True)
    uses = UseSerializer(many=True)


class WasteView(APIView):
    """The waste list of a month in the person's scope."""

    permission_classes = (HasRight,)
    right = "billing.view_costs"

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM; this month when left out", pattern=MONTH),
            OpenApiParameter("why", str, enum=WasteKind.values, description="cards of one reason; all when left out"),
        ],
        responses=WasteSerializer,
    )
    def get(self, request: Request) -> Response:
        """Say what was wasted in a month, the dearest first, and how far each team's cards were used."""
        asked: dict[str, Any] = WasteQuery.read(request.query_params, today=business_day(timezone.now()))
        waste = waste_of(asked["month"], person_of(request), why=asked["why"])
        sums = [{"why": why, "cards": one.cards, "amount": one.amount} for why, one in waste.sums.items()]
        told = {"month": asked["month"], "sums": sums, "lines": waste.lines, "uses": waste.uses}
        return Response(WasteSerializer(told).data)
