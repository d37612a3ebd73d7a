"""`/api/v1/usage/missed/`: calls to return (R115)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.selectors.missed import Missed, missed_calls
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.masking import mask_msisdn


class MissedSerializer(serializers.Serializer[Missed]):
    """Somebody who called a card in vain, masked; `is_refused`: asked not to be called, so not to be called back."""

    card = serializers.IntegerField(source="card.pk")
    caller = serializers.SerializerMethodField()
    times = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    is_refused = serializers.BooleanField()

    def get_caller(self, missed: Missed) -> str:
        """The number, masked as everywhere."""
        return mask_msisdn(missed.caller)


class MissedListSerializer(serializers.Serializer[Any]):
    """All of them, the latest first."""

    results = MissedSerializer(many=True)


class MissedView(APIView):
    """Who called the person's own accepted cards within a week and was not called back."""

    permission_classes = (HasRight,)

    @extend_schema(responses=MissedListSerializer)
    def get(self, request: Request) -> Response:
        """List the calls missed within a week."""
        missed = missed_calls(person_of(request), now=timezone.now())
        return Response(MissedListSerializer({"results": missed}).data)
