"""`/api/v1/top-ups/`."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.top_up_files import SheetsMixin
from billing.choices import ApprovalRank, TopUpChannel
from billing.lists import TOP_UPS
from billing.models import TopUpRequest
from billing.services.top_ups.asking import ask_top_up, withdraw_top_up
from billing.services.top_ups.deciding import decide_top_up, decide_top_ups
from billing.services.top_ups.paying import Payment, record_arrival, record_payment
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.lists.api.listed import Listed
from cards.models import Card


class TopUpSerializer(serializers.ModelSerializer[TopUpRequest]):
    """A top-up, CNY; `rank` is whose yes it waits for."""

    class Meta:
        model = TopUpRequest
        fields = (
            "id", "account", "card", "amount", "reason", "state", "rank", "asked_by", "asked_at", "approved_by",
            "approved_at", "paid", "face_value", "channel", "reference", "paid_at", "arrived_at", "entry",
            "confirmed_at", "doubted_at", "risk", "risk_reason", "ended_reason",
        )  # fmt: skip
        read_only_fields = fields


class AskSerializer(serializers.Serializer[Any]):
    """How much for which card; `sure` confirms an amount that looks like a slipped dot."""

    card = serializers.KeyField(Card)
    amount = serializers.DecimalField(max_digits=10, decimal_places=2)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    sure = serializers.BooleanField(required=False, default=False)


class DecisionSerializer(serializers.Serializer[Any]):
    """A yes or no at the level that was seen."""

    rank = serializers.ChoiceField(choices=ApprovalRank.choices)
    approved = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class SeenTopUpSerializer(serializers.Serializer[Any]):
    """A top-up and the level it waited for when it was looked at."""

    id = serializers.IntegerField(min_value=1)
    rank = serializers.ChoiceField(choices=ApprovalRank.choices)


class DecisionsSerializer(serializers.Serializer[Any]):
    """One yes or no to many."""

    top_ups = SeenTopUpSerializer(many=True, allow_empty=False, max_length=200)  # type: ignore[call-arg]
    approved = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class UndecidedSerializer(serializers.Serializer[Any]):
    """A top-up that was not decided on, and why."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()


class DecidedSerializer(serializers.Serializer[Any]):
    """Ids of those decided on, and the others."""

    done = serializers.ListField(child=serializers.IntegerField())
    refused = UndecidedSerializer(many=True)


class PaidSerializer(serializers.Serializer[Any]):
    """What was paid outside CardFleet."""

    paid = serializers.DecimalField(max_digits=10, decimal_places=2)
    face_value = serializers.DecimalField(max_digits=10, decimal_places=2)
    channel = serializers.ChoiceField(choices=TopUpChannel.choices)
    paid_at = serializers.DateTimeField()
    payer = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    reference = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    risk_reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class ArrivedSerializer(serializers.Serializer[Any]):
    """When the money came."""

    arrived_at = serializers.DateTimeField()
    risk_reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class TopUpBackSerializer(serializers.Serializer[Any]):
    """Why it is taken back."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class TopUpViewSet(Listed, SheetsMixin, viewsets.ReadOnlyModelViewSet[TopUpRequest]):
    """Top-ups in scope, step by step; nothing is paid by CardFleet."""

    queryset = TopUpRequest.objects.all()
    serializer_class = TopUpSerializer
    listing = TOP_UPS
    permission_classes = (HasRight,)
    right = "billing.view_topuprequest"
    rights = {
        "create": "billing.ask_top_up",
        "decide": "billing.approve_top_up",
        "decisions": "billing.approve_top_up",
        "sheet": "billing.approve_top_up",
        "pay": "billing.pay_top_up",
        "arrive": "billing.pay_top_up",
        "withdraw": "billing.ask_top_up",
    }

    def get_queryset(self) -> QuerySet[TopUpRequest]:
        """Return those in scope."""
        return TopUpRequest.objects.visible_to(person_of(self.request))

    @extend_schema(request=AskSerializer, responses={201: TopUpSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a top-up."""
        given = _given(AskSerializer, request)
        person = person_of(request)
        card = Card.objects.visible_to(person).filter(pk=given["card"]).first()
        if card is None:
            raise NotVisible
        asked = ask_top_up(
            card=card,
            amount=given["amount"],
            reason=given["reason"],
            is_sure=given["sure"],
            actor=person,
            now=timezone.now(),
        )
        return Response(TopUpSerializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DecisionSerializer, responses=TopUpSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Say yes or no to a request."""
        asked, given = self.get_object(), _given(DecisionSerializer, request)
        is_approved = given.pop("approved")
        return self.answer(decide_top_up(request_id=asked.pk, is_approved=is_approved, **given, **self.about()))

    @extend_schema(request=DecisionsSerializer, responses=DecidedSerializer)
    @action(detail=False, methods=["post"])
    def decisions(self, request: Request) -> Response:
        """Say one yes or no to many; each answers for itself."""
        given = _given(DecisionsSerializer, request)
        asked = {one["id"]: one["rank"] for one in given.pop("top_ups")}
        seen = {pk: asked[pk] for pk in self.get_queryset().filter(pk__in=asked).values_list("pk", flat=True)}
        decided = decide_top_ups(seen=seen, is_approved=given.pop("approved"), **given, **self.about())
        why = {**decided.refused, **dict.fromkeys(asked.keys() - seen.keys(), NotVisible())}
        refused = [{"id": pk, "code": why[pk].code, "message": str(why[pk])} for pk in sorted(why)]
        return Response({"done": decided.done, "refused": refused})

    @extend_schema(request=PaidSerializer, responses=TopUpSerializer)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, pk: str) -> Response:
        """Record what was paid for a request."""
        asked, given = self.get_object(), _given(PaidSerializer, request)
        risk_reason, at = given.pop("risk_reason"), given.pop("paid_at")
        payment = Payment(**given, at=at)
        return self.answer(
            record_payment(request_id=asked.pk, payment=payment, risk_reason=risk_reason, **self.about())
        )

    @extend_schema(request=ArrivedSerializer, responses=TopUpSerializer)
    @action(detail=True, methods=["post"])
    def arrive(self, request: Request, pk: str) -> Response:
        """Record that a top-up is on the account."""
        asked = self.get_object()
        return self.answer(record_arrival(request_id=asked.pk, **_given(ArrivedSerializer, request), **self.about()))

    @extend_schema(request=TopUpBackSerializer, responses=TopUpSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a request back."""
        asked = self.get_object()
        return self.answer(withdraw_top_up(request_id=asked.pk, **_given(TopUpBackSerializer, request), **self.about()))

    def about(self) -> dict[str, Any]:
        """Return who does it, and when."""
        return {"actor": person_of(self.request), "now": timezone.now()}

    def answer(self, asked: TopUpRequest) -> Response:
        """Return a top-up as it is then."""
        return Response(TopUpSerializer(asked).data)


def _given(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data, context={"request": request})
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
