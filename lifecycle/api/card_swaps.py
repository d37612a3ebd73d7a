"""`/api/v1/cards/{id}/spares|switch/`: a spare in the place of a stopped card (R47, R55)."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.rules.gates import parse_gates
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cards.choices import CustodyState
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.api.card_forms import ReasonSerializer
from lifecycle.models import CardSwitch
from lifecycle.rules.failover import OLD_GOES_TO
from lifecycle.selectors.failover import Spare, spares_for, standing_of
from lifecycle.services.failover import switch_to_standby

OLD_PLACES = [(place.value, place.label) for place in OLD_GOES_TO]


class SwitchSerializer(serializers.Serializer[Any]):
    """Which spare, what becomes of the old card, since when it stood still (as recorded)."""

    standby = serializers.KeyField(Card)
    old_goes_to = serializers.ChoiceField(choices=OLD_PLACES, default=CustodyState.IN_STOCK)
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class CardSwitchSerializer(serializers.ModelSerializer[CardSwitch]):
    """A switch: a spare in the place of a card that stood still."""

    notice = serializers.IntegerField(
        source="notice.pk", read_only=True, help_text="The draft of what customers are told."
    )

    class Meta:
        model = CardSwitch
        fields = (
            "id", "old_card", "new_card", "agent", "assignment", "case", "still_since", "at",
            "minutes_lost", "released", "notice",
        )  # fmt: skip
        read_only_fields = fields


class SwitchedSerializer(CardSwitchSerializer):
    """A switch; `is_new` is false where the same was asked a second time."""

    is_new = serializers.BooleanField(read_only=True)

    class Meta(CardSwitchSerializer.Meta):
        fields = (*CardSwitchSerializer.Meta.fields, "is_new")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class SpareSerializer(serializers.Serializer[Spare]):
    """A spare: how well it fits, and what forbids it."""

    card = serializers.IntegerField(source="card.pk")
    points = serializers.IntegerField(source="ranked.points")
    unmet = ReasonSerializer(source="ranked.unmet", many=True)


class SparesSerializer(serializers.Serializer[Any]):
    """What forbids any spare; the spares looked at, the best first; how many more there are."""

    unmet = ReasonSerializer(many=True)
    spares = SpareSerializer(many=True)
    more = serializers.IntegerField()


class SwapActions(viewsets.GenericViewSet[Card]):
    """What lets a spare take the place of a card."""

    @extend_schema(request=None, responses=SparesSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def spares(self, request: Request, pk: str) -> Response:
        """Rank the spares that could take the card's place; a card that works says so."""
        card, person, now = self.get_object(), person_of(request), timezone.now()
        standing = standing_of(card, actor=person, now=now)
        found = spares_for(standing, user=person, now=now, gates=parse_gates(settings.GATES))
        told = {"unmet": standing.unmet, "spares": [*found.fit, *found.unfit], "more": found.more}
        return Response(SparesSerializer(told).data)

    @extend_schema(request=SwitchSerializer, responses=SwitchedSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        """Let a spare take the card's place: custody of both, a draft for the customers, the forwarding to be set."""
        card, given = self.get_object(), _given(SwitchSerializer, request)
        done = switch_to_standby(
            card_id=card.pk,
            standby_id=given["standby"],
            old_goes_to=given["old_goes_to"],
            since=given["since"],
            note=given["note"],
            actor=person_of(request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
            cards=_in_scope(request),
        )
        done.switch.is_new = done.is_new  # type: ignore[attr-defined]
        return Response(SwitchedSerializer(done.switch).data)


def _in_scope(request: Request) -> CardQuerySet:
    return Card.objects.visible_to(person_of(request))


def _given(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    read = form(data=request.data, context={"request": request})
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)
