"""`/api/v1/reservations/`: cards kept for an agent or a team for a time (R11)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent, Reservation
from agents.querysets import ReservationQuerySet
from agents.services.reservations import Keeping, cancel_reservation, reserve_cards
from cardfleet.accounts.access import acting, person_of
from cardfleet.accounts.filters import TeamFilter
from cardfleet.accounts.models import Team
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, Ids, ListFilterSet
from cards.models import Card
from lifecycle.services.handout import MOST_CARDS


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    """A card kept for one agent or one team, both days included; `end` says why it ended before."""

    class Meta:
        model = Reservation
        fields = (
            *("id", "card", "agent", "team", "starts_on", "ends_on", "note"),
            *("made_by", "made_at", "ended_at", "end"),
        )
        read_only_fields = fields


class NewReservationsSerializer(serializers.Serializer[Any]):
    """Which cards, for whom and when; of `agent` and `team` just one is named."""

    cards = serializers.KeysField(
        Card, max_length=MOST_CARDS, default=list, help_text="Cards in stock, by id or natural key."
    )
    count = serializers.IntegerField(
        min_value=0, max_value=MOST_CARDS, default=0, help_text="How many other cards in stock, whichever they are."
    )
    agent = serializers.InScope(queryset=Agent.objects.all(), required=False, allow_null=True, default=None)
    team = serializers.InScope(queryset=Team.objects.all(), required=False, allow_null=True, default=None)
    starts_on = serializers.DateField(help_text="The first day.")
    ends_on = serializers.DateField(help_text="The last day, a year later at most.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ReservationFilter(ListFilterSet):
    """Filters over reservations; `open`: not ended before its time."""

    card = Ids(field_name="card_id", label=_("Card"))
    agent = Ids(field_name="agent_id", label=_("Agent"))
    team = TeamFilter("team")
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", label=_("Open"))
    starts_on = Days(label=_("from"))
    ends_on = Days(label=_("until"))

    class Meta:
        model = Reservation
        fields: tuple[str, ...] = ()


class ReservationViewSet(viewsets.ReadOnlyModelViewSet[Reservation]):
    """The reservations of cards in scope, or for a team or agent in it."""

    queryset = Reservation.objects.all()
    serializer_class = ReservationSerializer
    filterset_class = ReservationFilter
    permission_classes = (HasRight,)
    right = "agents.issue_card"

    def get_queryset(self) -> QuerySet[Reservation]:
        """Return those in scope."""
        return self._in_scope()

    @extend_schema(request=NewReservationsSerializer, responses={201: ReservationSerializer(many=True)}, filters=False)
    def create(self, request: Request) -> Response:
        """Reserve the cards named and so many others, all or none. 409 says for whom a card is reserved then."""
        given = self.given(NewReservationsSerializer)
        kept = reserve_cards(
            cards=Card.objects.visible_to(person_of(request)),
            card_ids=given.pop("cards"),
            count=given.pop("count"),
            keeping=Keeping(**given),
            **acting(request),
        )
        return Response(self.get_serializer(kept, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ReservationSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Let a card go again before its time. 409 for a reservation that ended."""
        one = self.get_object()
        ended = cancel_reservation(reservation_id=one.pk, reservations=self._in_scope(), **acting(request))
        return Response(self.get_serializer(ended).data)

    def _in_scope(self) -> ReservationQuerySet:
        return Reservation.objects.visible_to(person_of(self.request))
