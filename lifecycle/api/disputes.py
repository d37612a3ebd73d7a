"""`/api/v1/bills/disputes/` with the complaint itself, whose term counts by the company's calendar (R96)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.disputes import DisputeSerializer, DisputeViewSet
from billing.models import Bill
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers
from lifecycle.services.disputes import open_dispute

MOST = 5000


class ComplainSerializer(serializers.Serializer[Any]):
    """Which differences of a bill are complained about, what we ask for, and when the letter is sent."""

    bill = serializers.InScope(queryset=Bill.objects.all())
    differences = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID), min_length=1, max_length=MOST
    )
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    sent_on = serializers.DateField()


class ComplainViewSet(DisputeViewSet):
    """Complaints in scope; `GET /bills/differences/` tells what differs."""

    rights = {**DisputeViewSet.rights, "create": "billing.settle_bill"}

    @extend_schema(request=ComplainSerializer, responses={201: DisputeSerializer})
    def create(self, request: Request) -> Response:
        """Complain. 400 where none of the differences is too high and open."""
        dispute = open_dispute(**self.given(ComplainSerializer), actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(dispute).data, status=status.HTTP_201_CREATED)
