"""`/api/v1/inspections/`: what was found of cards, and which are to be looked at (R8, R10, R102)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, cleaned
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import ListFilterSet, Moments
from cards.choices import Condition
from cards.forms.stock import InspectionForm
from cards.models import Card, Inspection
from cards.selectors.inspections import inspections_due
from cards.services.inspections import inspect_card


class InspectionSerializer(serializers.ModelSerializer[Inspection]):
    """A card looked at by a person; never changed."""

    class Meta:
        model = Inspection
        fields = (
            *("id", "card", "at", "by", "custody_state", "condition", "damage", "signal"),
            *("decision", "use_by", "note"),
        )
        read_only_fields = fields


class NewInspectionSerializer(asks(InspectionForm)):  # type: ignore[misc]
    """What was found of a card in scope; `decision` and `use_by` of a spare alone."""

    card = serializers.InScope(queryset=Card.objects.all())


class DueCardSerializer(serializers.ModelSerializer[Card]):
    """A card that is to be looked at."""

    class Meta:
        model = Card
        fields = ("id", "custody_state", "condition", "team")
        read_only_fields = fields


class InspectionFilter(ListFilterSet):
    """Filters over inspections; moments are RFC 3339."""

    card = django_filters.NumberFilter(field_name="card_id")
    condition = django_filters.ChoiceFilter(choices=Condition)
    at = Moments()

    class Meta:
        model = Inspection
        fields: tuple[str, ...] = ()


class InspectionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Inspection]):
    """The inspections of the cards in the person's scope, the latest first."""

    queryset = Inspection.objects.all()
    serializer_class = InspectionSerializer
    filterset_class = InspectionFilter
    permission_classes = (HasRight,)
    right = "cards.view_inspection"
    rights = {"create": "cards.add_inspection"}

    def get_queryset(self) -> QuerySet[Inspection]:
        """Return those in scope."""
        return Inspection.objects.filter(card__in=self._cards())

    @extend_schema(request=NewInspectionSerializer, responses={201: InspectionSerializer})
    def create(self, request: Request) -> Response:
        """Record what was found of a card."""
        asked = NewInspectionSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        card = given.pop("card")
        (found,) = cleaned(InspectionForm(given, card=card))
        inspection = inspect_card(card_id=card.pk, **found, **acting(request))
        return Response(InspectionSerializer(inspection).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=DueCardSerializer(many=True), filters=False)
    @action(detail=False, queryset=Card.objects.all(), serializer_class=DueCardSerializer)
    def due(self, _request: Request) -> Response:
        """List the cards that are to be looked at."""
        cards: Any = inspections_due(self._cards(), today=business_day(timezone.now()))
        page: Any = self.paginate_queryset(cards)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _cards(self) -> Any:
        return Card.objects.visible_to(person_of(self.request))
