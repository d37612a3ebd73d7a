"""`/api/v1/usage/bundles/`: messages and data of cards by month."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from billing.filters import BundleUseFilter
from billing.models import BundleUse
from billing.services.bundle_use import record_bundle_use
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cards.models import Card


class BundleUseSerializer(serializers.ModelSerializer[BundleUse]):
    """What a card used in the month of `month`; fees, CNY, only where the carrier charged them itself."""

    card = serializers.InScope(queryset=Card.objects.all())

    class Meta:
        model = BundleUse
        fields = ("id", "card", "month", "sms", "data_mb", "sms_fee", "data_fee", "recorded_at")
        read_only_fields = ("recorded_at",)
        validators: tuple[Any, ...] = ()


class BundleUseViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[BundleUse]):
    """Messages and data of the cards in scope; what is posted of a card and month puts the earlier word aside."""

    queryset = BundleUse.objects.all()
    serializer_class = BundleUseSerializer
    filterset_class = BundleUseFilter
    permission_classes = (HasRight,)
    right = "billing.view_bundleuse"
    rights = {"create": "billing.import_usage"}
    ordering = ("-month", "card_id")

    def get_queryset(self) -> QuerySet[BundleUse]:
        """Return those of the cards in scope."""
        return BundleUse.objects.visible_to(person_of(self.request))

    @extend_schema(request=BundleUseSerializer, responses={201: BundleUseSerializer})
    def create(self, request: Request) -> Response:
        """Record what a card used in a month."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        use = record_bundle_use(
            card=given.pop("card"),
            month=given.pop("month"),
            counts=given,
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(self.get_serializer(use).data, status=status.HTTP_201_CREATED)
