"""`/api/v1/stock-takes/`: counts by scanning, started, gone on with, settled, closed (R7)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import Difference, Settlement
from agents.forms.stocktakes import TakeForm
from agents.models import Agent, StockTake, StockTakeRow
from agents.selectors.stocktakes import TakeCounts, counts, differences
from agents.services.stocktakes import close_take, scan_cards, settle, start_take
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Card
from cards.rules.scans import read_scans

MOST_SCANS = 100


class TakeSerializer(serializers.ModelSerializer[StockTake]):
    """A count of a place or of an agent's cards; it goes on while `closed_at` is null."""

    class Meta:
        model = StockTake
        fields = ("id", "location", "agent", "team", "started_at", "started_by", "closed_at", "closed_by", "reason")
        read_only_fields = fields


class TakeCountsSerializer(serializers.Serializer[TakeCounts]):
    """How many cards were expected and found, and the differences by kind; `unsettled` of them are open."""

    expected = serializers.IntegerField()
    found = serializers.IntegerField()
    missing = serializers.IntegerField()
    misplaced = serializers.IntegerField()
    unknown = serializers.IntegerField()
    unsettled = serializers.IntegerField()


class TakeRowSerializer(serializers.ModelSerializer[StockTakeRow]):
    """What differs: a card not found, one that does not belong there, or `text`, a barcode of no card."""

    difference = serializers.ChoiceField(choices=Difference.choices, read_only=True)

    class Meta:
        model = StockTakeRow
        fields = ("id", "card", "text", "difference", "found_at", "found_by", "settlement", "settled_at", "settled_by")
        read_only_fields = fields


class CountedTakeSerializer(TakeSerializer):
    """A count with its figures."""

    counts = serializers.SerializerMethodField()

    class Meta(TakeSerializer.Meta):
        fields = (*TakeSerializer.Meta.fields, "counts")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    def get_counts(self, take: StockTake) -> TakeCountsSerializer:
        """Its figures now."""
        return TakeCountsSerializer(counts(take)).data  # type: ignore[return-value]


class ScansSerializer(serializers.Serializer[Any]):
    """Labels, ICCIDs or numbers as they were scanned, at most 100."""

    scans = serializers.ListField(child=serializers.CharField(max_length=200), allow_empty=False, max_length=MOST_SCANS)


class ScanSerializer(serializers.Serializer[Any]):
    """What a scan meant; `card` is null where it is of none in scope, `again` where it was found before."""

    text = serializers.CharField()
    card = serializers.IntegerField(source="card.pk", allow_null=True, default=None)
    difference = serializers.ChoiceField(choices=Difference.choices)
    again = serializers.BooleanField()


class SettleSerializer(serializers.Serializer[Any]):
    """Which rows are settled; without any, all that are open."""

    rows = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID), required=False, max_length=5000
    )


class SettledSerializer(serializers.Serializer[Any]):
    """How many differences were settled in one way."""

    settlement = serializers.ChoiceField(choices=Settlement.choices)
    count = serializers.IntegerField()


class TakeClosingSerializer(serializers.Serializer[Any]):
    """Why a count is closed while differences are open."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class TakeFilter(ListFilterSet):
    """Filters over counts; `open`: it goes on."""

    location = django_filters.NumberFilter(field_name="location_id")
    agent = django_filters.NumberFilter(field_name="agent_id")
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = StockTake
        fields: tuple[str, ...] = ()


class TakeViewSet(viewsets.ReadOnlyModelViewSet[StockTake]):
    """The counts of the teams in scope, and those the person started."""

    queryset = StockTake.objects.all()
    serializer_class = TakeSerializer
    filterset_class = TakeFilter
    permission_classes = (HasRight,)
    right = "agents.view_stocktake"
    rights = {
        "create": "agents.add_stocktake",
        **dict.fromkeys(("scan", "settle", "close"), "agents.change_stocktake"),
    }

    def get_queryset(self) -> QuerySet[StockTake]:
        """Return those in scope."""
        return StockTake.objects.visible_to(person_of(self.request))

    @extend_schema(responses=CountedTakeSerializer)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Get a count with its figures."""
        return Response(CountedTakeSerializer(self.get_object()).data)

    @extend_schema(request=asks(TakeForm), responses={201: TakeSerializer})
    def create(self, request: Request) -> Response:
        """Start a count of a place or of an agent's cards, or go on with the one that is there."""
        form = filled(request, TakeForm, agents=Agent.objects.visible_to(person_of(request)))
        take = start_take(**form.cleaned_data, cards=self._cards(), **acting(request))
        return Response(TakeSerializer(take).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=TakeRowSerializer(many=True), filters=False)
    @action(detail=True, serializer_class=TakeRowSerializer)
    def differences(self, _request: Request, pk: str) -> Response:
        """List what differs, what was found last first."""
        rows: Any = differences(self.get_object())
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=ScansSerializer, responses=ScanSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def scan(self, request: Request, pk: str) -> Response:
        """Enter scans, and tell of each what it means."""
        take, given = self.get_object(), ScansSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        scans = read_scans("\n".join(given.validated_data["scans"]))[:MOST_SCANS]
        outcomes = scan_cards(take_id=take.pk, scans=scans, cards=self._cards(), **acting(request))
        return Response(ScanSerializer(outcomes, many=True).data)

    @extend_schema(request=SettleSerializer, responses=SettledSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def settle(self, request: Request, pk: str) -> Response:
        """Settle differences, those named or all that are open."""
        take, given = self.get_object(), SettleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        done = settle(take_id=take.pk, row_ids=given.validated_data.get("rows"), **acting(request))
        rows = [{"settlement": how, "count": count} for how, count in done.items()]
        return Response(SettledSerializer(rows, many=True).data)

    @extend_schema(request=TakeClosingSerializer, responses=TakeSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a count; with open differences for a reason only."""
        take, given = self.get_object(), TakeClosingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        closed = close_take(take_id=take.pk, **given.validated_data, **acting(request))
        return Response(TakeSerializer(closed).data)

    def _cards(self) -> Any:
        return Card.objects.visible_to(person_of(self.request))
