"""`/api/v1/places/`: where cards lie, and cards put elsewhere (R7, R95)."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.filtersets import ListFilterSet
from cards.forms.stock import LocationForm, MoveForm, SlotsForm
from cards.models import Card, Location
from cards.selectors.scans import find_scanned
from cards.services.locations import add_slots, edit_location, move_cards, record_location


class LocationSerializer(serializers.ModelSerializer[Location]):
    """A place, or a slot `within` one; a card lies there while its `location` is this name and nobody holds it."""

    class Meta:
        model = Location
        fields = ("id", "name", "within", "capacity", "custodian", "is_active", "note")
        read_only_fields = fields


class PassedOverSerializer(serializers.Serializer[Reason]):
    """A scan that names no card in scope, or a card with which it could not be done, and what clears it."""

    code = serializers.CharField()
    message = serializers.CharField()
    clears = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)


class CardsDoneSerializer(serializers.Serializer[Any]):
    """The ids of the cards with which it was done, and what was passed over."""

    cards = serializers.ListField(child=serializers.IntegerField())
    refused = PassedOverSerializer(many=True)


class LocationFilter(ListFilterSet):
    """Filters over places; `within`: the slots of one."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    within = django_filters.NumberFilter(field_name="within_id")
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Location
        fields: tuple[str, ...] = ()


class LocationViewSet(viewsets.ReadOnlyModelViewSet[Location]):
    """The places, which are the company's and seen by the whole office."""

    queryset = Location.objects.all()
    serializer_class = LocationSerializer
    filterset_class = LocationFilter
    permission_classes = (HasRight,)
    right = "cards.view_location"
    rights = {
        "create": "cards.add_location",
        **dict.fromkeys(("change", "slots", "move"), "cards.change_location"),
    }

    @extend_schema(request=asks(LocationForm), responses={201: LocationSerializer})
    def create(self, request: Request) -> Response:
        """Record a place."""
        location = record_location(facts=filled(request, LocationForm).cleaned_data, **acting(request))
        return Response(LocationSerializer(location).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(LocationForm, partly=True), responses=LocationSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change a place, with the cards that name it; what is not sent stays as it is."""
        location = self.get_object()
        known = {name: getattr(location, name) for name in LocationForm.base_fields}
        form = filled(request, LocationForm, begins=known)
        changed = edit_location(location_id=location.pk, changes=form.cleaned_data, **acting(request))
        return Response(LocationSerializer(changed).data)

    @extend_schema(request=asks(SlotsForm), responses={201: LocationSerializer(many=True)})
    @action(detail=True, methods=["post"], pagination_class=None)
    def slots(self, request: Request, pk: str) -> Response:
        """Record so many slots of a place, and answer them."""
        location = self.get_object()
        made = add_slots(location_id=location.pk, **filled(request, SlotsForm).cleaned_data, **acting(request))
        return Response(LocationSerializer(made, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=asks(MoveForm), responses=CardsDoneSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Put scanned cards into a place; what is none, and cards in hands, are told without losing the others."""
        location, form = self.get_object(), filled(request, MoveForm)
        scanned = find_scanned(Card.objects.visible_to(person_of(request)), form.cleaned_data["cards"])
        ids = [card.pk for card in scanned.cards]
        moved = move_cards(location_id=location.pk, card_ids=ids, **acting(request))
        return done(moved.cards, [*scanned.unknown, *moved.refused])


def done(cards: Any, refused: list[Reason]) -> Response:
    """Return the answer of what was done with some cards, and what was passed over."""
    told = {"cards": [card.pk for card in cards], "refused": refused}
    return Response(CardsDoneSerializer(told).data)
