"""`/api/v1/claims/payments/`: what was paid out for claims (R67)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.lists import PAYMENTS
from billing.models import PaymentBatch
from billing.services.claim_decisions import export_payment, pay_claims
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.api.listed import Listed


class PaymentSerializer(serializers.ModelSerializer[PaymentBatch]):
    """A payment, CNY, and the ids of its claims."""

    class Meta:
        model = PaymentBatch
        fields = ("id", "reference", "count", "amount", "paid_by", "paid_at", "claims")
        read_only_fields = fields


class PaidOutSerializer(serializers.Serializer[Any]):
    """Which approved claims were paid together, and under which number at the bank or cashier."""

    claims = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=1000)
    reference = serializers.CharField(max_length=80)


class PaymentRowSerializer(serializers.Serializer[Any]):
    """Who got how much (CNY) under which reference; no bank account stands there."""

    staff_no = serializers.CharField()
    payee = serializers.CharField()
    amount = serializers.DecimalField(max_digits=13, decimal_places=2)
    reference = serializers.CharField()


class PaymentViewSet(Listed, viewsets.ReadOnlyModelViewSet[PaymentBatch]):
    """Payments, the latest first; CardFleet moves no money."""

    queryset = PaymentBatch.objects.all()
    serializer_class = PaymentSerializer
    listing = PAYMENTS
    permission_classes = (HasRight,)
    right = "billing.pay_claim"

    def get_queryset(self) -> QuerySet[PaymentBatch]:
        """Return the payments the person sees."""
        return PaymentBatch.objects.visible_to(person_of(self.request)).prefetch_related("claims")

    @extend_schema(request=PaidOutSerializer, responses={201: PaymentSerializer})
    def create(self, request: Request) -> Response:
        """Record that approved claims were paid, by who neither filed nor approved any of them."""
        asked = PaidOutSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        batch = pay_claims(
            claim_ids=given["claims"], reference=given["reference"], actor=person_of(request), now=timezone.now()
        )
        return Response(self.get_serializer(batch).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=PaymentRowSerializer(many=True))
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def export(self, request: Request, pk: str) -> Response:
        """Take out the rows of a payment; that is journalled."""
        rows = export_payment(batch=self.get_object(), actor=person_of(request), now=timezone.now())
        names = tuple(PaymentRowSerializer().fields)
        return Response(PaymentRowSerializer([dict(zip(names, row, strict=True)) for row in rows], many=True).data)
