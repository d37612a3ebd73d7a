"""`/api/v1/usage/attributions/`: who really held a card in a time that was recorded late (invariant 6)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent
from billing.filters import AttributionFilter
from billing.models import UsageAttribution
from billing.services.attributions import attribute, withdraw
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cards.models import Card


class AttributionSerializer(serializers.ModelSerializer[UsageAttribution]):
    """Whose the calls of a card are in [starts_at, ends_at); `agent` null for nobody's."""

    class Meta:
        model = UsageAttribution
        fields = ("id", "card", "agent", "team", "starts_at", "ends_at", "reason", "created_at", "withdrawn_at")
        read_only_fields = fields


class GivenSerializer(serializers.Serializer[Any]):
    """Which calls are whose, and why."""

    card = serializers.InScope(queryset=Card.objects.all())
    agent = serializers.InScope(queryset=Agent.objects.all(), allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)


class WithdrawalSerializer(serializers.Serializer[Any]):
    """Why an attribution is taken back."""

    reason = serializers.CharField(max_length=200)


class AttributionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[UsageAttribution]):
    """What was attributed of the cards in scope."""

    queryset = UsageAttribution.objects.all()
    serializer_class = AttributionSerializer
    filterset_class = AttributionFilter
    permission_classes = (HasRight,)
    right = "billing.view_usageattribution"
    rights = {"create": "billing.add_usageattribution", "withdraw": "billing.add_usageattribution"}

    def get_queryset(self) -> QuerySet[UsageAttribution]:
        """Return the attributions of the cards in scope."""
        return UsageAttribution.objects.visible_to(person_of(self.request))

    @extend_schema(request=GivenSerializer, responses={201: AttributionSerializer})
    def create(self, request: Request) -> Response:
        """Attribute the calls of a card in a time that has passed, within the open months."""
        asked = GivenSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        card, agent = given.pop("card"), given.pop("agent")
        made = attribute(
            card_id=card.pk,
            agent_id=agent.pk if agent else None,
            actor=person_of(request),
            now=timezone.now(),
            **given,
        )
        return Response(AttributionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WithdrawalSerializer, responses=AttributionSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a mistaken attribution back."""
        known = self.get_object()
        asked = WithdrawalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        taken = withdraw(
            attribution_id=known.pk,
            reason=asked.validated_data["reason"],
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(AttributionSerializer(taken).data)
