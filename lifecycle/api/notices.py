"""`/api/v1/carrier-notices/`: what carriers announce, recorded and withdrawn (R38, R51)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cards.models import Carrier
from lifecycle.choices import NoticeKind
from lifecycle.models import CarrierNotice
from lifecycle.services.notices import record_notice, withdraw_notice


class CarrierNoticeSerializer(serializers.ModelSerializer[CarrierNotice]):
    """A notice of works, a fault or changed rules; without `regions` it is for all of the carrier."""

    carrier: Any = serializers.InScope(queryset=Carrier.objects.all())
    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    regions = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=50,
        default=list,
        help_text="As cards name their home region.",
    )

    class Meta:
        model = CarrierNotice
        fields = (
            "id", "carrier", "kind", "title", "regions", "starts_at", "ends_at", "source", "recorded_by",
            "recorded_at", "withdrawn_at",
        )  # fmt: skip
        read_only_fields = ("id", "recorded_by", "recorded_at", "withdrawn_at")


class CarrierNoticeFilter(ListFilterSet):
    """Filters over notices; `withdrawn`: taken back."""

    carrier = Ids("carrier_id")
    kind = django_filters.MultipleChoiceFilter(choices=NoticeKind)
    ends_after = django_filters.IsoDateTimeFilter(field_name="ends_at", lookup_expr="gt")
    starts_before = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")
    withdrawn = django_filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = CarrierNotice
        fields: tuple[str, ...] = ()


class CarrierNoticeViewSet(viewsets.ReadOnlyModelViewSet[CarrierNotice]):
    """Notices of carriers, the same for everybody in the office."""

    queryset = CarrierNotice.objects.all()
    serializer_class = CarrierNoticeSerializer
    filterset_class = CarrierNoticeFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_carriernotice"
    rights = {"create": "lifecycle.add_carriernotice", "withdraw": "lifecycle.change_carriernotice"}

    def get_queryset(self) -> QuerySet[CarrierNotice]:
        """Return the notices, those that were withdrawn too."""
        return CarrierNotice.objects.all()

    @extend_schema(request=CarrierNoticeSerializer, responses={201: CarrierNoticeSerializer})
    def create(self, request: Request) -> Response:
        """Record a notice; alerts that it explains stand under it."""
        given = self.given(CarrierNoticeSerializer)
        kind = NoticeKind(given.pop("kind"))
        notice = record_notice(kind=kind, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(notice).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=CarrierNoticeSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw a notice: the alerts under it stand for themselves again."""
        notice = withdraw_notice(notice=self.get_object(), actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(notice).data)
