"""`/api/v1/card-requests/`: an agent asks for cards, others decide (R11)."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import ApprovalLevel, RequestState
from agents.forms import CardRequestForm
from agents.models import CardRequest, RequestDecision
from agents.services.requests import ask_for_cards, decide_request, withdraw_request
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet


class RequestDecisionSerializer(serializers.ModelSerializer[RequestDecision]):
    """What one level said; `by` is a person."""

    class Meta:
        model = RequestDecision
        fields = ("level", "is_approved", "reason", "by", "at")
        read_only_fields = fields


class CardRequestSerializer(serializers.ModelSerializer[CardRequest]):
    """A request; `level` is whose word it waits for, empty once nobody's is missing."""

    decisions = RequestDecisionSerializer(many=True, read_only=True)

    class Meta:
        model = CardRequest
        fields = (
            *("id", "agent", "count", "purpose", "reason", "replaces", "needed_until"),
            *("state", "level", "asked_at", "handover", "decisions"),
        )
        read_only_fields = fields


class RequestAnswerSerializer(serializers.Serializer[Any]):
    """Yes or no at the level the request was seen to wait at; a no says why."""

    level = serializers.ChoiceField(choices=ApprovalLevel.choices)
    is_approved = serializers.BooleanField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CardRequestFilter(ListFilterSet):
    """Filters over requests."""

    agent = django_filters.NumberFilter(field_name="agent_id")
    state = django_filters.MultipleChoiceFilter(choices=RequestState)
    level = django_filters.ChoiceFilter(choices=ApprovalLevel)

    class Meta:
        model = CardRequest
        fields: tuple[str, ...] = ()


class CardRequestViewSet(viewsets.ReadOnlyModelViewSet[CardRequest]):
    """The requests of the agents in the person's scope, and the person's own."""

    queryset = CardRequest.objects.all()
    serializer_class = CardRequestSerializer
    filterset_class = CardRequestFilter
    permission_classes = (HasRight,)
    right = "agents.view_cardrequest"
    rights = {
        "ask": "agents.add_cardrequest",
        "withdraw": "agents.add_cardrequest",
        "mine": "agents.add_cardrequest",
    }

    def get_queryset(self) -> QuerySet[CardRequest]:
        """Return those in scope; for an agent, their own."""
        seen = CardRequest.objects.visible_to(person_of(self.request)).prefetch_related("decisions")
        return seen.filter(agent__user=person_of(self.request)) if self.action == "mine" else seen

    @extend_schema(responses=CardRequestSerializer(many=True))
    @action(detail=False)
    def mine(self, request: Request) -> Response:
        """List one's own requests."""
        return self.list(request)

    @extend_schema(request=asks(CardRequestForm), responses={201: CardRequestSerializer})
    @mine.mapping.post
    def ask(self, request: Request) -> Response:
        """Ask for cards, for oneself."""
        given = filled(request, CardRequestForm, person=person_of(request)).cleaned_data
        asked = ask_for_cards(**given, **acting(request))
        return Response(CardRequestSerializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RequestAnswerSerializer, responses=CardRequestSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Say yes or no; which right that needs depends on the level, so the service asks for it."""
        asked, given = self.get_object(), RequestAnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        decided = decide_request(
            request_id=asked.pk, **given.validated_data, quota=settings.CARDS_PER_AGENT, **acting(request)
        )
        return Response(CardRequestSerializer(decided).data)

    @extend_schema(request=None, responses=CardRequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own request back."""
        asked = withdraw_request(request_id=self.get_object().pk, **acting(request))
        return Response(CardRequestSerializer(asked).data)
