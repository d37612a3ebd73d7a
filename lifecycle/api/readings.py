"""`/api/v1/balances/readings/`: balances and states as carriers told them (R29, R30)."""

from typing import Any, BinaryIO, cast

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import ReadingSource
from billing.models import Account, BalanceReading
from billing.services.readings import ReadingsOutcome
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.filtersets import Ids, ListFilterSet, Moments
from lifecycle.forms.readings import ReadingsForm
from lifecycle.services.readings import import_messages, import_readings


class BalanceReadingSerializer(serializers.ModelSerializer[BalanceReading]):
    """What a carrier said an account's balance was at a moment, CNY."""

    class Meta:
        model = BalanceReading
        fields = ("id", "account", "read_at", "balance", "source", "recorded_at", "actor")
        read_only_fields = fields


class DifferingSerializer(serializers.Serializer[Any]):
    """A balance whose last reading is not what was reckoned for its moment."""

    account = serializers.IntegerField(source="account_id")
    card = serializers.IntegerField(source="card_id")


class UnusedLineSerializer(serializers.Serializer[Reason]):
    """A line that cannot be used, and why."""

    line = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ReadingsOutcomeSerializer(serializers.Serializer[ReadingsOutcome]):
    """What became of readings: how many were stored and how many known, states changed, lines refused and why."""

    stored = serializers.IntegerField()
    known = serializers.IntegerField()
    states = serializers.IntegerField()
    refused = UnusedLineSerializer(many=True)
    differing = DifferingSerializer(many=True)


class ReadingFilter(ListFilterSet):
    """Filters over readings."""

    account = Ids(field_name="account_id", of=Account, label=_("Account"))
    source = django_filters.MultipleChoiceFilter(choices=ReadingSource, label=_("Source"), distinct=False)
    read_at = Moments(label=_("read at"))

    class Meta:
        model = BalanceReading
        fields: tuple[str, ...] = ()


class ReadingViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[BalanceReading]):
    """The readings of the accounts in the person's scope, the latest recorded first."""

    queryset = BalanceReading.objects.all()
    serializer_class = BalanceReadingSerializer
    filterset_class = ReadingFilter
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "billing.import_reading"

    def get_queryset(self) -> QuerySet[BalanceReading]:
        """Return those in scope."""
        return BalanceReading.objects.visible_to(person_of(self.request))

    @extend_schema(
        request={"multipart/form-data": asks(ReadingsForm), "application/json": asks(ReadingsForm)},
        responses={201: ReadingsOutcomeSerializer},
    )
    def create(self, request: Request) -> Response:
        """Record a carrier's file, or messages as they came; a line that cannot be used is refused by itself."""
        given, actor, now = filled(request, ReadingsForm).cleaned_data, person_of(request), timezone.now()
        if given["text"]:
            done = import_messages(text=given["text"], actor=actor, now=now)
        else:
            file = given["file"]
            done = import_readings(file=cast("BinaryIO", file), name=file.name, actor=actor, now=now)
        return Response(ReadingsOutcomeSerializer(done).data, status=status.HTTP_201_CREATED)
