"""`/api/v1/reverifications/`: the clocks that a carrier's demand to verify starts (R79)."""

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
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cards.models import Card
from lifecycle.forms.conduct import MOST_CARDS
from lifecycle.models import Reverification
from lifecycle.services.cases.verifying import verified
from lifecycle.services.reverification import record_notice


class ReverificationSerializer(serializers.ModelSerializer[Reverification]):
    """A clock; the carrier stops the card at `due_at` unless its registrant has verified."""

    class Meta:
        model = Reverification
        fields = ("id", "card", "noticed_at", "due_at", "source", "note", "recorded_by", "done_at", "done_by")
        read_only_fields = fields


class DemandSerializer(serializers.Serializer[Any]):
    """A carrier's demand to verify some cards in scope, by id or natural key."""

    cards = serializers.KeysField(Card, min_length=1, max_length=MOST_CARDS)
    noticed_at = serializers.DateTimeField()
    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DemandedSerializer(serializers.Serializer[Any]):
    """The clocks that run now, and how many cards had one running already."""

    started = ReverificationSerializer(many=True)
    running = serializers.IntegerField()


class ReverificationFilter(ListFilterSet):
    """Filters over the clocks; `open`: not verified yet."""

    card = Ids("card_id")
    open = django_filters.BooleanFilter(field_name="done_at", lookup_expr="isnull")
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    class Meta:
        model = Reverification
        fields: tuple[str, ...] = ()


class ReverificationViewSet(viewsets.ReadOnlyModelViewSet[Reverification]):
    """The clocks of cards in scope."""

    queryset = Reverification.objects.all()
    serializer_class = ReverificationSerializer
    filterset_class = ReverificationFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_reverification"
    rights = {"create": "lifecycle.add_reverification", "done": "lifecycle.change_reverification"}

    def get_queryset(self) -> QuerySet[Reverification]:
        """Return the clocks of cards in scope."""
        return Reverification.objects.visible_to(person_of(self.request))

    @extend_schema(request=DemandSerializer, responses={201: DemandedSerializer})
    def create(self, request: Request) -> Response:
        """Start the clocks of a demand; nothing where one of the cards is not in sight."""
        given, person = self.given(DemandSerializer), person_of(request)
        ids = set(given.pop("cards"))
        if Card.objects.visible_to(person).filter(pk__in=ids).count() < len(ids):
            raise NotVisible
        noticed = record_notice(card_ids=ids, **given, actor=person, now=timezone.now())
        return Response(DemandedSerializer(noticed).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ReverificationSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Stop a clock: the registrant has verified. 409 when it stands."""
        clock = verified(reverification_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(clock).data)
