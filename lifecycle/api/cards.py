"""`/api/v1/cards/`: cards in scope, hand-out, return, transfer, recorded states, and whether a card may call."""

from typing import Any, cast

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import HandoverKind
from agents.models import Agent
from agents.rules.gates import parse_gates
from agents.services.assignments import Issued
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.filters import unknown_parameter
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cardfleet.lists.api.listed import Listed
from cards.choices import Purpose
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.services.tags import change_tags
from lifecycle.api.card_files import FILE_RIGHTS, FileActions
from lifecycle.api.card_forms import (
    AllowanceSerializer,
    CallSerializer,
    CorrectionSerializer,
    HandoutSerializer,
    ReasonSerializer,
    ReissueSerializer,
    ReturnSerializer,
    TagsSerializer,
    TransferSerializer,
    TransitionSerializer,
)
from lifecycle.api.card_parts import PART_RIGHTS, PartActions
from lifecycle.api.card_reports import REPORT_RIGHTS, ReportActions
from lifecycle.api.card_swaps import SwapActions
from lifecycle.lists.fleet import FLEET
from lifecycle.selectors.dialling import may_call
from lifecycle.services.allocation import take_back
from lifecycle.services.handout import Wanted, hand_one
from lifecycle.services.reissue import reissue_by_itself
from lifecycle.services.states import correct_state, record_state

FULL_NUMBER = "cards.view_full_number"
CAN_CALL = {"callee", "purpose", "format"}
MOMENTS = ("service_since", "custody_since", "reverify_due_at")


class CardSerializer(serializers.ModelSerializer[Card]):
    """A card. `holder` is an agent's id; numbers are masked for those who may not see them whole; no secret ever."""

    msisdn = serializers.SerializerMethodField()
    iccid = serializers.SerializerMethodField()
    holder = serializers.IntegerField(source="holder_agent", read_only=True, allow_null=True)
    tags = serializers.ListField(source="tag_names", child=serializers.CharField(), read_only=True)
    risk_score = serializers.IntegerField(read_only=True, allow_null=True)
    risk_band = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Card
        fields = (
            "id", "iccid", "msisdn", "carrier", "plan", "contract", "service_state", "stop_reason", "service_since",
            "custody_state", "custody_since", "holder", "team", "real_name_state", "region", "purpose", "industry",
            "direction", "received_on", "activated_on", "expires_on", "location", "condition", "batch", "is_marked",
            "is_customer_facing", "reverify_due_at", "note", "tags", "risk_score", "risk_band",
        )  # fmt: skip
        read_only_fields = fields

    def get_msisdn(self, card: Card) -> str:
        """E.164, or masked."""
        return card.msisdn if self.context["whole_numbers"] else card.masked_msisdn

    def get_iccid(self, card: Card) -> str:
        """The whole ICCID, or its first and last four characters."""
        return card.iccid if self.context["whole_numbers"] else card.masked_iccid


RISK = ("risk_score", "risk_band")
OWN_FIELDS = [name for name in CardSerializer.Meta.fields if name not in ("holder", "tags", *RISK)]
JOINED = ("tag_names", *RISK)


class CardRowSerializer(CardSerializer):
    """The same card out of `values()`: a page of them costs a fifth of a page of model instances."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the row with moments in local time and numbers as the person may see them."""
        row: dict[str, Any] = {**instance, "holder": instance["holder_agent"], "tags": instance["tag_names"]}
        del row["holder_agent"], row["tag_names"]
        for name in MOMENTS:
            row[name] = row[name] and timezone.localtime(row[name])
        if not self.context["whole_numbers"]:
            row |= {"msisdn": mask_msisdn(row["msisdn"]), "iccid": mask_iccid(row["iccid"])}
        return row


class IssuedSerializer(CardSerializer):
    """A card just handed out: the assignment to be accepted, and gates that only warned."""

    assignment = serializers.IntegerField(read_only=True)
    warnings = ReasonSerializer(many=True, read_only=True)

    class Meta(CardSerializer.Meta):
        fields = (*CardSerializer.Meta.fields, "assignment", "warnings")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class CardViewSet(Listed, SwapActions, PartActions, ReportActions, FileActions, viewsets.ReadOnlyModelViewSet[Card]):
    """The cards in the person's scope, and those the person holds."""

    queryset = Card.objects.all()
    serializer_class = CardSerializer
    listing = FLEET
    permission_classes = (HasRight,)
    right = "cards.view_card"
    rights = {
        **PART_RIGHTS,
        **REPORT_RIGHTS,
        **FILE_RIGHTS,
        "issue": "agents.issue_card",
        "take_back": "agents.issue_card",
        "transfer": "agents.issue_card",
        "transitions": "cards.change_service_state",
        "corrections": "cards.correct_state",
        "tags": "cards.change_card",
        "reissue": "cards.change_service_state",
        "spares": "lifecycle.switch_card",
        "switch": "lifecycle.switch_card",
    }

    def get_queryset(self) -> QuerySet[Card]:
        """Return the cards in scope; for the list as plain rows."""
        joined = {"holder_agent": F("holder__agent__id"), "risk_score": F("risk__score"), "risk_band": F("risk__band")}
        cards = Card.objects.visible_to(person_of(self.request)).with_tag_names().annotate(**joined)
        return cards.values(*OWN_FIELDS, *JOINED, "holder_agent") if self.action == "list" else cards

    def get_serializer_class(self) -> type[CardSerializer]:
        """Return the serializer of rows for the list."""
        return CardRowSerializer if self.action == "list" else CardSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        """Tell serializers whether numbers are shown whole."""
        known = super().get_serializer_context()
        return {**known, "whole_numbers": self.request is not None and self.request.user.has_perm(FULL_NUMBER)}

    @extend_schema(request=HandoutSerializer, responses=IssuedSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        """Hand the card to an agent, who accepts it within 24 hours."""
        given = self._given_in_scope(HandoutSerializer)
        issued = hand_one(
            wanted=Wanted(
                card_ids=[_id(pk)],
                agent_id=given["agent"],
                due_back_on=given["due_back_on"],
                note=given["note"],
                started_at=given["started_at"],
            ),
            actor=person_of(request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
            cards=cast("CardQuerySet", self.filter_queryset(self.get_queryset())),
            agents=Agent.objects.visible_to(person_of(request)),
        )
        return self._answer_issued(issued, issued.assignment.card)

    @extend_schema(request=ReturnSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def take_back(self, request: Request, pk: str) -> Response:
        """Take the card back from its holder."""
        card, given = self.get_object(), self._given(ReturnSerializer)
        take_back(card_id=card.pk, actor=person_of(request), now=timezone.now(), **given)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=TransferSerializer, responses=IssuedSerializer)
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str) -> Response:
        """Take the card back and hand it to another agent, both or neither."""
        card, given = self.get_object(), self._given(TransferSerializer)
        issued = hand_one(
            wanted=Wanted(card_ids=[card.pk], agent_id=given["agent"], kind=HandoverKind.TRANSFER, note=given["note"]),
            actor=person_of(request),
            now=timezone.now(),
            gates=parse_gates(settings.GATES),
            agents=Agent.objects.visible_to(person_of(request)),
        )
        return self._answer_issued(issued, self.get_object())

    @extend_schema(request=TransitionSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"])
    def transitions(self, request: Request, pk: str) -> Response:
        """Record what the carrier did to the card."""
        card, given, now = self.get_object(), self._given(TransitionSerializer), timezone.now()
        given["at"] = given["at"] or now
        record_state(card_id=card.pk, actor=person_of(request), now=now, **given)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=CorrectionSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"])
    def corrections(self, request: Request, pk: str) -> Response:
        """Take back the last state that was recorded, also a final one."""
        card, given = self.get_object(), self._given(CorrectionSerializer)
        correct_state(card_id=card.pk, reason=given["reason"], actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ReissueSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"])
    def reissue(self, request: Request, pk: str) -> Response:
        """Put the number on a new SIM where no case does it; who holds the card signs for the new SIM."""
        card, given, now = self.get_object(), self._given(ReissueSerializer), timezone.now()
        given["at"], scope = given["at"] or now, Card.objects.visible_to(person_of(request))
        reissue_by_itself(card_id=card.pk, actor=person_of(request), now=now, cards=scope, **given)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=TagsSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"])
    def tags(self, request: Request, pk: str) -> Response:
        """Put tags on the card and take others off it."""
        card, given = self.get_object(), self._given(TagsSerializer)
        change_tags(card_ids=[card.pk], actor=person_of(request), now=timezone.now(), **given)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        request=None,
        responses=AllowanceSerializer,
        parameters=[
            OpenApiParameter("callee", str, description="The number to be called."),
            OpenApiParameter("purpose", str, enum=Purpose.values, description="What the call is for; else the card's."),
        ],
    )
    @action(detail=True, url_path="can-call", url_name="can-call", filter_backends=(), throttle_classes=())
    def can_call(self, request: Request, pk: str) -> Response:
        """Tell whether the card may call now, or call one callee now, and if not why; it suggests no other card."""
        unknown = set(request.query_params) - CAN_CALL
        if unknown:
            raise BadInput(reasons=[unknown_parameter(name, CAN_CALL) for name in sorted(unknown)])
        if not pk.isdecimal():
            raise NotVisible
        asked = CallSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        may = may_call(int(pk), person=person_of(request), now=timezone.now(), **asked.validated_data)
        return Response(AllowanceSerializer(may).data)

    def _given_in_scope(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return what was sent; a card outside the scope is not there, whatever was sent to it."""
        try:
            return self._given(form)
        except ValidationError:
            self.get_object()
            raise

    def _given(self, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        read = form(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def _answer_issued(self, issued: Issued, card: Card) -> Response:
        row = {name: card.serializable_value(name) for name in (*OWN_FIELDS, *JOINED)}
        shown = CardRowSerializer(context=self.get_serializer_context())
        told = shown.to_representation({**row, "holder_agent": issued.assignment.agent_id})
        warnings = [ReasonSerializer(reason).data for reason in issued.warnings]
        return Response({**told, "assignment": issued.assignment.pk, "warnings": warnings})


def _id(pk: str) -> int:
    if not (pk.isascii() and pk.isdigit()):
        raise NotVisible
    return int(pk)
