"""`/api/v1/bills/disputes/`: complaints to carriers about bills, and what they answered (R96)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import DisputeState
from billing.forms.bills import OUTCOMES
from billing.lists import DISPUTES
from billing.models import Dispute
from billing.services.disputes import Answer, close_dispute
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.money import ZERO
from cardfleet.lists.api.listed import Listed


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """A complaint: `amount` is claimed, `credited` granted, CNY; `reply_file` is the carrier's letter."""

    class Meta:
        model = Dispute
        fields = (
            "id", "account", "month", "amount", "reason", "sent_on", "due_on", "opened_at", "opened_by", "state",
            "answered_on", "reply", "reply_file", "credited", "closed_at",
        )  # fmt: skip
        read_only_fields = fields


class AnsweredSerializer(serializers.Serializer[Any]):
    """What the carrier answered; `credited` (CNY) only where a part is granted, its letter as multipart."""

    outcome = serializers.ChoiceField(choices=[(one.value, one.label) for one in OUTCOMES])
    answered_on = serializers.DateField()
    reply = serializers.CharField(max_length=2000)
    credited = serializers.DecimalField(max_digits=11, decimal_places=2, min_value=ZERO, required=False, default=ZERO)
    file = serializers.FileField(max_length=255, required=False)


class DisputeViewSet(Listed, viewsets.ReadOnlyModelViewSet[Dispute]):
    """Complaints in scope; `GET /bills/differences/` tells what differs."""

    queryset = Dispute.objects.all()
    serializer_class = DisputeSerializer
    listing = DISPUTES
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "billing.view_dispute"
    rights = {"close": "billing.settle_bill"}

    def get_queryset(self) -> QuerySet[Dispute]:
        """Return the complaints in scope."""
        return Dispute.objects.visible_to(person_of(self.request))

    @extend_schema(
        request={"application/json": AnsweredSerializer, "multipart/form-data": AnsweredSerializer},
        responses=DisputeSerializer,
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Record the carrier's answer, or that the complaint is withdrawn; a credit is posted by card."""
        dispute, given = self.get_object(), self.given(AnsweredSerializer)
        answer = Answer(**given | {"outcome": DisputeState(given["outcome"])})
        closed = close_dispute(dispute=dispute, answer=answer, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(closed).data)
