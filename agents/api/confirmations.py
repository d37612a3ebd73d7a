"""`/api/v1/confirmations/`: what holders said of the details of their cards (R14)."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.forms import ConfirmationForm
from agents.models import CardConfirmation
from agents.querysets import ConfirmationQuerySet
from agents.services.confirmations import confirm_card, settle_confirmation
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Card


class ConfirmationSerializer(serializers.ModelSerializer[CardConfirmation]):
    """What a holder said in the quarter that begins with `period`; `wrong` names details, empty where all is right."""

    wrong = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = CardConfirmation
        fields = ("id", "card", "agent", "period", "wrong", "note", "at", "settled_at", "settled_by")
        read_only_fields = fields


class SaidSerializer(asks(ConfirmationForm)):  # type: ignore[misc]
    """Which details of a card in one's own hands are wrong this quarter; none of them: all is right."""

    card = serializers.InScope(queryset=Card.objects.all())


class ConfirmationFilter(ListFilterSet):
    """Filters over confirmations; `unsettled`: something is wrong and nobody put it right."""

    card = django_filters.NumberFilter(field_name="card_id")
    agent = django_filters.NumberFilter(field_name="agent_id")
    period = django_filters.DateFilter()
    unsettled = django_filters.BooleanFilter(method="filter_unsettled")

    class Meta:
        model = CardConfirmation
        fields: tuple[str, ...] = ()

    def filter_unsettled(self, said: ConfirmationQuerySet, _name: str, value: bool) -> ConfirmationQuerySet:  # noqa: FBT001
        """Return what waits to be put right, or all else."""
        waiting = CardConfirmation.objects.unsettled().values("pk")
        return said.filter(pk__in=waiting) if value else said.exclude(pk__in=waiting)


class ConfirmationViewSet(viewsets.ReadOnlyModelViewSet[CardConfirmation]):
    """What was said of the cards in scope."""

    queryset = CardConfirmation.objects.all()
    serializer_class = ConfirmationSerializer
    filterset_class = ConfirmationFilter
    permission_classes = (HasRight,)
    right = "agents.view_cardconfirmation"
    rights = {"mine": "agents.add_cardconfirmation", "settle": "agents.change_cardconfirmation"}

    def get_queryset(self) -> QuerySet[CardConfirmation]:
        """Return those in scope."""
        return CardConfirmation.objects.visible_to(person_of(self.request))

    @extend_schema(request=SaidSerializer, responses={201: ConfirmationSerializer})
    @action(detail=False, methods=["post"])
    def mine(self, request: Request) -> Response:
        """Confirm the details of a card in one's own hands, or say which are wrong."""
        asked = SaidSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        said = confirm_card(
            card_id=given["card"].pk, wrong=given.get("wrong", []), note=given.get("note", ""), **acting(request)
        )
        return Response(ConfirmationSerializer(said).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ConfirmationSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say that what a holder found wrong is put right."""
        said = settle_confirmation(confirmation_id=self.get_object().pk, **acting(request))
        return Response(ConfirmationSerializer(said).data)
