"""`/api/v1/cards/{id}/keeping|timeline|rate/`: whether to keep the number, what happened, how its calls are.

R14, R77, R78, R99.
"""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.journal.selectors import Told
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.filtersets import LARGEST_ID
from cards.models import Card
from lifecycle.choices import CaseOutcome, KeepVerdict, QualityCause, Side
from lifecycle.forms.reports import QualityForm
from lifecycle.forms.timeline import TimelineQuery
from lifecycle.models import CallQuality
from lifecycle.playbooks.registry import REPORT
from lifecycle.selectors.keeping import keeping, last_review
from lifecycle.selectors.timeline import KINDS, Lines, card_timeline
from lifecycle.services.quality import rate_calls

VIEW = "lifecycle.view_fleet"
PART_RIGHTS = {"keeping": VIEW, "timeline": VIEW, "rate": REPORT}


class PointSerializer(serializers.Serializer[Any]):
    """One thing that speaks for a side."""

    code = serializers.CharField()
    side = serializers.ChoiceField(choices=Side.choices)
    text = serializers.CharField()


class LeavingDaySerializer(serializers.Serializer[Any]):
    """A day to give the number up on, and what that costs until then, CNY."""

    on = serializers.DateField()
    total = serializers.DecimalField(max_digits=15, decimal_places=2)


class KeptSerializer(serializers.Serializer[Any]):
    """The case in which it was decided last whether the number stays."""

    case = serializers.IntegerField(source="pk")
    outcome = serializers.ChoiceField(choices=CaseOutcome.choices)
    closed_at = serializers.DateTimeField()
    note = serializers.CharField(source="closing_note")


class KeepingSerializer(serializers.Serializer[Any]):
    """An advice to keep or to give up a number, with what speaks for either; `year` is a year's keeping, CNY."""

    advice = serializers.ChoiceField(source="keep.weighing.verdict", choices=KeepVerdict.choices)
    points = PointSerializer(source="keep.weighing.points", many=True)
    year = serializers.DecimalField(source="keep.weighing.year", max_digits=15, decimal_places=2)
    today = LeavingDaySerializer(source="keep.weighing.today")
    best = LeavingDaySerializer(source="keep.weighing.best")
    locked_until = serializers.DateField(source="keep.facts.lock.ends_on", allow_null=True)
    last_call_on = serializers.DateField(source="keep.last_call_on", allow_null=True)
    last_topup_on = serializers.DateField(source="keep.last_topup_on", allow_null=True)
    recycled_on = serializers.DateField(source="keep.facts.recycled_on", allow_null=True, help_text="By its carrier.")
    decided = KeptSerializer(source="last", allow_null=True)


class DetailSerializer(serializers.TupleSerializer):
    """What was recorded beside an entry, in words."""

    name = serializers.CharField()
    value = serializers.CharField()


class ToldSerializer(serializers.Serializer[Told]):
    """An entry of the journal in words; `actor` is empty where CardFleet did it by itself."""

    id = serializers.IntegerField(source="entry.pk")
    at = serializers.DateTimeField(source="entry.at")
    action = serializers.CharField(source="entry.action")
    label: Any = serializers.CharField(source="action.label")
    reason = serializers.CharField(source="entry.reason")
    actor = serializers.SerializerMethodField()
    details = DetailSerializer(many=True)

    def get_actor(self, told: Told) -> str:
        """Who did it."""
        return str(told.entry.actor or told.entry.actor_name)


class TimelineSerializer(serializers.Serializer[Lines]):
    """Up to 20 entries, the latest first; `more` are asked for with `before` the last one's id."""

    entries = ToldSerializer(source="told", many=True)
    more = serializers.BooleanField()


class RatedSerializer(serializers.ModelSerializer[CallQuality]):
    """An opinion of a card's calls."""

    cause = serializers.ChoiceField(choices=QualityCause.choices, allow_blank=True, read_only=True)

    class Meta:
        model = CallQuality
        fields = ("id", "card", "score", "cause", "note", "at")
        read_only_fields = fields


class PartActions(viewsets.GenericViewSet[Card]):
    """What stands on parts of a card's page."""

    @extend_schema(responses=KeepingSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def keeping(self, request: Request, pk: str) -> Response:
        """Say what speaks for keeping the number and what for giving it up; a person decides."""
        card = self.get_object()
        told = {"keep": keeping([card], now=timezone.now())[card.pk], "last": last_review(card.pk)}
        return Response(KeepingSerializer(told).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=[name for name in KINDS if name], description="all when left out"),
            OpenApiParameter(
                "before",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
                description="the id of an entry; earlier ones are answered",
            ),
        ],
        responses=TimelineSerializer,
    )
    @action(detail=True, filter_backends=(), pagination_class=None)
    def timeline(self, request: Request, pk: str) -> Response:
        """Tell what happened to the card, the latest first."""
        card = self.get_object()
        asked = TimelineQuery.read(request.query_params, today=business_day(timezone.now()))
        return Response(TimelineSerializer(card_timeline(card, kind=asked["kind"], before=asked["before"])).data)

    @extend_schema(request=asks(QualityForm), responses={201: RatedSerializer})
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, pk: str) -> Response:
        """Say how good the calls of a card in one's own hands are."""
        mine = Card.objects.filter(holder=person_of(request))
        card = mine.filter(pk=pk).first() if pk.isdecimal() else None
        if card is None:
            raise NotVisible
        given = filled(request, QualityForm).cleaned_data
        said = rate_calls(card_id=card.pk, cards=mine, actor=person_of(request), now=timezone.now(), **given)
        return Response(RatedSerializer(said).data, status=status.HTTP_201_CREATED)
