"""`/api/v1/bills/`: bills, their differences, and what finance decides about them (R30, R47, R96)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.statements import SentSerializer, StatementSerializer, sent_of
from billing.api.usage import NumberField
from billing.lists import BILLS, DIFFERENCES
from billing.models import Bill, BillDifference
from billing.services.bill_checking import check_again
from billing.services.bill_files import receive_statement, start_statement
from billing.services.bill_settling import accept_bill, leave_as_billed, record_payment, reopen_bill
from billing.services.bills import withdraw_bill
from cardfleet.accounts.access import person_of
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.api.listed import Listed

SMALLEST = Decimal("0.01")
DEEDS = ("check", "accept", "withdraw", "leave", "reopen", "pay")


class BillSerializer(serializers.ModelSerializer[Bill]):
    """A bill, CNY: `total` is billed, `expected` what it should be."""

    class Meta:
        model = Bill
        fields = (
            "id", "account", "month", "issued_on", "due_on", "previous_balance", "total", "expected", "state",
            "checked_at", "accepted_at", "paid", "paid_on", "payment_reference",
        )  # fmt: skip
        read_only_fields = fields


class DifferenceSerializer(serializers.ModelSerializer[BillDifference]):
    """A difference: the three sides, and by how much the bill is too high, CNY."""

    number = NumberField(read_only=True)

    class Meta:
        model = BillDifference
        fields = ("id", "bill", "card", "number", "item", "kind", "billed", "detail", "expected", "amount", "state")
        read_only_fields = fields


class ReopenSerializer(serializers.Serializer[Any]):
    """Why an acceptance is taken back."""

    reason = serializers.CharField(max_length=500)


class BillPaidSerializer(serializers.Serializer[Any]):
    """What was paid (CNY), when, and the bank's reference."""

    amount = serializers.DecimalField(max_digits=11, decimal_places=2, min_value=SMALLEST)
    paid_on = serializers.DateField()
    reference = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class BillViewSet(Listed, viewsets.ReadOnlyModelViewSet[Bill]):
    """Bills that stand, newest first."""

    queryset = Bill.objects.all()
    serializer_class = BillSerializer
    listing = BILLS
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "billing.view_bill"
    rights = {"create": "billing.import_bill", **dict.fromkeys(DEEDS, "billing.settle_bill")}

    def get_queryset(self) -> QuerySet[Bill]:
        """Return the bills in scope."""
        return Bill.objects.standing().visible_to(person_of(self.request))

    @extend_schema(request={"multipart/form-data": SentSerializer}, responses={202: StatementSerializer})
    def create(self, request: Request) -> Response:
        """Take a statement whose columns are known; its job does the rest. 409 for one that was sent before."""
        actor, now = person_of(request), timezone.now()
        sent = sent_of(self.given(SentSerializer))
        statement = start_statement(statement=receive_statement(sent=sent, actor=actor, now=now), actor=actor, now=now)
        if statement.job:
            enqueue(statement.job)
        return Response(StatementSerializer(statement).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=BillSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Check a bill anew against what is on record by now."""
        return self._after(check_again)

    @extend_schema(request=None, responses=BillSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept a bill: entries bring the ledger to it. 409 for one that is accepted, or was taken back."""
        return self._after(accept_bill)

    @extend_schema(request=None, responses=BillSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take back a bill that was brought by mistake; its file may be sent again."""
        return self._after(withdraw_bill)

    @extend_schema(request=None, responses=BillSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Leave an accepted bill as it is, whatever came since."""
        return self._after(leave_as_billed)

    @extend_schema(request=ReopenSerializer, responses=BillSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Take the acceptance of a bill back, with its entries."""
        return self._after(reopen_bill, **self.given(ReopenSerializer))

    @extend_schema(request=BillPaidSerializer, responses=BillSerializer)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, pk: str) -> Response:
        """Record that a bill was paid."""
        return self._after(record_payment, **self.given(BillPaidSerializer))

    def _after(self, deed: Callable[..., Any], **given: Any) -> Response:
        bill = self.get_object()
        deed(bill=bill, **given, actor=person_of(self.request), now=timezone.now())
        return Response(self.get_serializer(Bill.objects.get(pk=bill.pk)).data)


class DifferenceViewSet(Listed, mixins.ListModelMixin, viewsets.GenericViewSet[BillDifference]):
    """Differences of bills, for the cards in scope."""

    queryset = BillDifference.objects.all()
    serializer_class = DifferenceSerializer
    listing = DIFFERENCES
    permission_classes = (HasRight,)
    right = "billing.view_billdifference"

    def get_queryset(self) -> QuerySet[BillDifference]:
        """Return the differences in scope."""
        return BillDifference.objects.standing().visible_to(person_of(self.request))
