"""`/api/v1/usage/`: calls of the cards in scope; and the imports they came by."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.feed import FeedMixin
from billing.lists.ledger import USAGE, of_late
from billing.models import UsageRecord
from billing.selectors.charge_steps import steps_of
from billing.selectors.explaining import explain, find_call
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.masking import mask_msisdn
from cardfleet.lists.api.listed import Listed


class NumberField(serializers.CharField):
    """A phone number: E.164 for who may see it whole, else masked."""

    def to_representation(self, value: str) -> str:
        """Return the number as this person may see it."""
        whole = self.context["request"].user.has_perm("cards.view_full_number")
        return value if whole else mask_msisdn(value)


class UsageSerializer(serializers.ModelSerializer[UsageRecord]):
    """A call. `fee` is the carrier's, `rated_fee` our own rating, CNY; `flags` 1: outside the card's life, 2: ahead
    of the clock."""

    msisdn = NumberField(read_only=True)
    counterpart = NumberField(read_only=True)
    source: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = UsageRecord
        fields = (
            "uid", "card", "msisdn", "source", "started_at", "direction", "counterpart", "duration_s", "answered",
            "fee", "rated_fee", "agent", "team", "flags",
        )  # fmt: skip
        read_only_fields = fields


class StepSerializer(serializers.Serializer[Any]):
    """A step of what a call cost, in words."""

    title = serializers.CharField()
    text = serializers.CharField()


class UsageViewSet(Listed, FeedMixin, mixins.ListModelMixin, viewsets.GenericViewSet[UsageRecord]):
    """Calls, newest first; without a card or a span of time, those of the last 31 days. Live ones are posted here."""

    queryset = UsageRecord.objects.all()
    serializer_class = UsageSerializer
    listing = USAGE
    permission_classes = (HasRight,)
    right = "billing.view_usagerecord"
    rights = {"create": "billing.feed_usage"}
    ordering = ("-started_at", "card_id")

    def get_queryset(self) -> QuerySet[UsageRecord]:
        """Return the calls of the cards in scope."""
        calls = UsageRecord.objects.visible_to(person_of(self.request)).select_related("source")
        found: QuerySet[UsageRecord] = of_late(calls, self.request.query_params, timezone.now())
        return found

    @extend_schema(
        parameters=[OpenApiParameter("uid", str, required=True), OpenApiParameter("card", int)],
        responses=StepSerializer(many=True),
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def explain(self, request: Request) -> Response:
        """Say step by step what a call cost, by its id; with its card it is found at once."""
        card = request.query_params.get("card", "")
        calls = UsageRecord.objects.visible_to(person_of(request))
        call = find_call(request.query_params.get("uid", ""), calls, card_id=int(card) if card.isdecimal() else None)
        return Response(StepSerializer(steps_of(explain(call)), many=True).data)
