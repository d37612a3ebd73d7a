"""`/api/v1/usage/missed/`: calls to return, and that one was (R115)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.models import CallBack
from billing.selectors.missed import Missed, missed_calls
from billing.services.callbacks import settle_missed_call
from cardfleet.accounts.access import acting, person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.masking import mask_msisdn


class MissedSerializer(serializers.Serializer[Missed]):
    """Somebody who called a card in vain, masked; `is_refused`: asked not to be called, so not to be called back.

    `caller_key` names the caller where one is settled.
    """

    card = serializers.IntegerField(source="card.pk")
    caller = serializers.SerializerMethodField()
    caller_key = serializers.CharField(source="caller_hash")
    times = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    is_refused = serializers.BooleanField()

    def get_caller(self, missed: Missed) -> str:
        """The number, masked as everywhere."""
        return mask_msisdn(missed.caller)


class MissedListSerializer(serializers.Serializer[Any]):
    """All of them, the latest first."""

    results = MissedSerializer(many=True)


class SettledSerializer(serializers.Serializer[Any]):
    """A caller of a card that was seen to, as the list names both."""

    card = serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID)
    caller_key = serializers.CharField(max_length=64)


class CallBackSerializer(serializers.ModelSerializer[CallBack]):
    """That somebody was called back."""

    class Meta:
        model = CallBack
        fields = ("card", "at")
        read_only_fields = fields


class MissedView(APIView):
    """Who called the person's own accepted cards within a week and was not called back."""

    permission_classes = (HasRight,)

    @extend_schema(responses=MissedListSerializer)
    def get(self, request: Request) -> Response:
        """List the calls missed within a week."""
        missed = missed_calls(person_of(request), now=timezone.now())
        return Response(MissedListSerializer({"results": missed}).data)


class SettleMissedView(IdempotentMixin, APIView):
    """What no call of ours shows: that a caller was called back."""

    permission_classes = (HasRight,)

    @extend_schema(request=SettledSerializer, responses={201: CallBackSerializer})
    def post(self, request: Request) -> Response:
        """Settle one of the calls missed within a week; what is not in the list is as if it were not."""
        asked = SettledSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted, by = (asked.validated_data["card"], asked.validated_data["caller_key"]), acting(request)
        for missed in missed_calls(by["actor"], now=by["now"]):
            if (missed.card.pk, missed.caller_hash) == wanted:
                settled = settle_missed_call(card_id=missed.card.pk, caller_hash=missed.caller_hash, **by)
                return Response(CallBackSerializer(settled).data, status=status.HTTP_201_CREATED)
        raise NotVisible
