"""`/api/v1/bills/statements/`: files of bills, looked at before they are imported (R30)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import AccountKind, BillColumn, BillItem, StatementState
from billing.models import Account, BillStatement
from billing.services.bill_files import (
    Sent,
    map_statement,
    put_away,
    read_again,
    receive_statement,
    start_statement,
)
from cardfleet.accounts.access import person_of
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cards.models import Carrier

MOST_COLUMNS = 200
BILL_COLUMNS = [*BillColumn.choices, *BillItem.choices]


class StatementSerializer(serializers.ModelSerializer[BillStatement]):
    """A file of bills and the job that imports it."""

    class Meta:
        model = BillStatement
        fields = (
            "id", "carrier", "account", "month", "name", "issued_on", "due_on", "total", "state", "job", "rows_read",
            "rows_refused", "created_at", "created_by",
        )  # fmt: skip
        read_only_fields = fields


class StatementRowSerializer(serializers.Serializer[Any]):
    """A row of the file: its line, and what stands in it."""

    line = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField())


class StatementReadingSerializer(serializers.Serializer[Any]):
    """How a file is read: its first rows, and whether amounts can be read by what is known of its columns."""

    first_rows = StatementRowSerializer(many=True)
    is_readable = serializers.BooleanField()


class BillColumnSerializer(serializers.Serializer[Any]):
    """What a column holds; `place` counts from 0."""

    place = serializers.IntegerField(min_value=0, max_value=MOST_COLUMNS)
    holds = serializers.ChoiceField(choices=BILL_COLUMNS)


class BillColumnsSerializer(serializers.Serializer[Any]):
    """The line of the header, and what its columns hold; those that are not named are not read."""

    line = serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID)
    columns = BillColumnSerializer(many=True, allow_empty=False, max_length=MOST_COLUMNS)  # type: ignore[call-arg]


class SentSerializer(serializers.Serializer[Any]):
    """A statement, and what it does not say itself; `total` is CNY as the carrier states it.

    `account` is a shared one; without it each card pays for itself. `month` may be any day of it.
    """

    file = serializers.FileField()
    carrier = serializers.PrimaryKeyRelatedField(queryset=Carrier.objects.all())
    account: Any = serializers.PrimaryKeyRelatedField(
        queryset=Account.objects.filter(kind=AccountKind.SHARED), required=False, allow_null=True, default=None
    )
    month = serializers.DateField(required=False, allow_null=True, default=None)
    total: Any = serializers.DecimalField(
        max_digits=11, decimal_places=2, required=False, allow_null=True, default=None
    )
    issued_on = serializers.DateField(required=False, allow_null=True, default=None)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the account against the carrier."""
        if attrs["account"] and attrs["account"].carrier_id != attrs["carrier"].pk:
            message = _("This account is of another carrier. Choose one of this carrier.")
            raise serializers.ValidationError({"account": message}, code="other_carrier")
        return attrs


def sent_of(given: dict[str, Any]) -> Sent:
    """Return a file as the service takes it."""
    file, month = given.pop("file"), given.pop("month")
    return Sent(content=file, name=file.name, month=month_start(month) if month else None, **given)


class StatementFilter(ListFilterSet):
    """Filters over files."""

    carrier = Ids("carrier_id")
    state = django_filters.MultipleChoiceFilter(choices=StatementState)
    month = django_filters.DateFilter(label="its first day")

    class Meta:
        model = BillStatement
        fields: tuple[str, ...] = ()


class StatementViewSet(viewsets.ReadOnlyModelViewSet[BillStatement]):
    """Files of bills; `POST /bills/` takes one and imports it at once."""

    queryset = BillStatement.objects.all()
    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "billing.import_bill"

    def get_queryset(self) -> QuerySet[BillStatement]:
        """Return the files: a bill is of all cards of an account."""
        return BillStatement.objects.select_related("file", "carrier")

    @extend_schema(request={"multipart/form-data": SentSerializer}, responses={201: StatementSerializer})
    def create(self, request: Request) -> Response:
        """Keep a file to be looked at. 409 for one that was sent before, 400 for one that is no table."""
        sent = sent_of(self.given(SentSerializer))
        statement = receive_statement(sent=sent, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(statement).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=StatementReadingSerializer, filters=False)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def reading(self, request: Request, pk: str) -> Response:
        """Say how a file is read as its columns are known now."""
        return Response(reading_of(self.get_object()))

    @extend_schema(request=BillColumnsSerializer, responses=StatementReadingSerializer)
    @action(detail=True, methods=["post"])
    def columns(self, request: Request, pk: str) -> Response:
        """Say what the columns hold, of this file and the next with its header. 400 where no amount is read so."""
        statement, given = self.get_object(), self.given(BillColumnsSerializer)
        places = {column["place"]: column["holds"] for column in given["columns"]}
        map_statement(
            statement=statement, places=places, line=given["line"], actor=person_of(request), now=timezone.now()
        )
        return Response(reading_of(statement))

    @extend_schema(request=None, responses={202: StatementSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Import a file that waits; its job does it."""
        started = start_statement(statement=self.get_object(), actor=person_of(request), now=timezone.now())
        if started.job:
            enqueue(started.job)
        return Response(self.get_serializer(started).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=StatementSerializer)
    @action(detail=True, methods=["post"], url_path="put-away")
    def put_away(self, request: Request, pk: str) -> Response:
        """Put a file away: nothing of it is imported, and it may be sent again."""
        put_away(statement=self.get_object(), actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)


def reading_of(statement: BillStatement) -> dict[str, Any]:
    """Return how a file is read, for `StatementReadingSerializer`."""
    read = read_again(statement)
    rows = [{"line": line, "cells": [str(cell) for cell in cells]} for line, cells in read.first_rows]
    return {"first_rows": rows, "is_readable": bool(read.columns and read.columns.is_readable)}
