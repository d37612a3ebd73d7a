"""`/api/v1/bills/`: bills, their differences; a statement is uploaded and imported by a job."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.usage import NumberField
from billing.choices import AccountKind
from billing.filters import BillFilter, DifferenceFilter
from billing.models import Account, Bill, BillDifference, BillStatement
from billing.services.bill_files import Sent, receive_statement, start_statement
from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import month_start
from cards.models import Carrier


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


class StatementSerializer(serializers.ModelSerializer[BillStatement]):
    """A file of bills and the job that imports it."""

    class Meta:
        model = BillStatement
        fields = ("id", "carrier", "account", "month", "name", "state", "job", "rows_read", "rows_refused")
        read_only_fields = fields


class SentSerializer(serializers.Serializer[Any]):
    """A statement. `account` is a shared one; without it each card pays for itself. `month` may be any day of it."""

    file = serializers.FileField()
    carrier = serializers.PrimaryKeyRelatedField(queryset=Carrier.objects.all())
    account: Any = serializers.PrimaryKeyRelatedField(
        queryset=Account.objects.filter(kind=AccountKind.SHARED), required=False, allow_null=True, default=None
    )
    month = serializers.DateField(required=False, allow_null=True, default=None)


class BillViewSet(IdempotentMixin, viewsets.ReadOnlyModelViewSet[Bill]):
    """Bills that stand, newest first."""

    queryset = Bill.objects.all()
    serializer_class = BillSerializer
    filterset_class = BillFilter
    permission_classes = (HasRight,)
    parser_classes = (parsers.MultiPartParser,)
    right = "billing.view_bill"
    rights = {"create": "billing.import_bill"}

    def get_queryset(self) -> QuerySet[Bill]:
        """Return the bills in scope."""
        return Bill.objects.standing().visible_to(person_of(self.request))

    @extend_schema(request={"multipart/form-data": SentSerializer}, responses={202: StatementSerializer})
    def create(self, request: Request) -> Response:
        """Take a statement whose columns are known; its job does the rest. 409 for one that was sent before."""
        asked = SentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        actor, now = person_of(request), timezone.now()
        sent = Sent(
            content=given["file"],
            name=given["file"].name,
            carrier=given["carrier"],
            account=given["account"],
            month=month_start(given["month"]) if given["month"] else None,
        )
        statement = start_statement(statement=receive_statement(sent=sent, actor=actor, now=now), actor=actor, now=now)
        if statement.job:
            enqueue(statement.job)
        return Response(StatementSerializer(statement).data, status=status.HTTP_202_ACCEPTED)


class DifferenceViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[BillDifference]):
    """Differences of bills, for the cards in scope."""

    queryset = BillDifference.objects.all()
    serializer_class = DifferenceSerializer
    filterset_class = DifferenceFilter
    permission_classes = (HasRight,)
    right = "billing.view_billdifference"

    def get_queryset(self) -> QuerySet[BillDifference]:
        """Return the differences in scope."""
        return BillDifference.objects.standing().visible_to(person_of(self.request))
