"""`/api/v1/callees/`: recording refusals and consents, and asking for one number (R40, R57, R60)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.choices import ListingKind
from agents.forms import CalleeImportForm, ReasonForm
from agents.importers.callees import read_entry
from agents.models import CalleeListing
from agents.rules.callees import CalleeStanding
from agents.selectors.callees import read_number, shown_listings, standing_of
from agents.services.callee_import import CalleeImportOutcome, ask_callee_import, import_callees
from agents.services.callees import withdraw
from cardfleet.accounts.access import acting, person_of
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.choices import Purpose

MOST = 1000


class CalleeRowSerializer(serializers.Serializer[Any]):
    """One thing a person said; `expires` the last day on which it holds."""

    number = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=ListingKind.choices)
    date = serializers.DateField()
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False, allow_blank=True)
    expires = serializers.DateField(required=False, allow_null=True)


class CalleesSerializer(serializers.Serializer[Any]):
    """Up to 1,000 rows."""

    rows = serializers.ListField(child=serializers.DictField(), allow_empty=False, max_length=MOST)


class CalleesSchema(serializers.Serializer[Any]):
    """What is posted."""

    rows = CalleeRowSerializer(many=True)


class CalleeRefusalSerializer(serializers.Serializer[Any]):
    """A row, counted from 1, that was not stored; never with its number."""

    row = serializers.IntegerField()
    code = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class CalleesTakenSerializer(serializers.Serializer[Any]):
    """What became of the rows."""

    stored = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = CalleeRefusalSerializer(many=True)


class CalleeStandingSerializer(serializers.Serializer[CalleeStanding]):
    """What holds for a number now."""

    do_not_call = serializers.BooleanField()
    consent = serializers.BooleanField()


class AskedSerializer(serializers.Serializer[Any]):
    """The number asked for, and for which purpose; blank: whether all are covered."""

    number = serializers.CharField(max_length=40)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False, allow_blank=True, default="")


class CalleeListingSerializer(serializers.ModelSerializer[CalleeListing]):
    """What somebody said, without the number, of which no digit is stored; `proof` is a file."""

    class Meta:
        model = CalleeListing
        fields = (
            *("id", "kind", "purpose", "source", "proof", "given_at", "expires_at"),
            *("ended_at", "end", "reason", "recorded_at", "recorded_by"),
        )
        read_only_fields = fields


class CalleeFilter(ListFilterSet):
    """Filters over entries; `open`: nobody ended it."""

    kind = django_filters.ChoiceFilter(choices=ListingKind)
    purpose = django_filters.ChoiceFilter(choices=Purpose)
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")

    class Meta:
        model = CalleeListing
        fields: tuple[str, ...] = ()


class CalleeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CalleeListing]):
    """The lists cannot be read out: entries have no number, and a number is asked for one at a time.

    As on the page, the last 20 entries of each kind are listed.
    """

    queryset = CalleeListing.objects.all()
    serializer_class = CalleeListingSerializer
    filterset_class = CalleeFilter
    permission_classes = (HasRight,)
    right = "agents.view_calleelisting"
    rights = {
        "create": "agents.add_calleelisting",
        "imports": "agents.add_calleelisting",
        "check": "agents.check_callee",
        "withdraw": "agents.withdraw_calleelisting",
    }

    def get_queryset(self) -> QuerySet[CalleeListing]:
        """Return what is listed; any entry may be withdrawn."""
        return shown_listings() if self.action == "list" else CalleeListing.objects.all()

    @extend_schema(request=CalleesSchema, responses={200: CalleesTakenSerializer})
    def create(self, request: Request) -> Response:
        """Store up to 1,000 refusals and consents; a refused row stops no other. The same again is known."""
        given = CalleesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        lines = [
            read_entry({name: "" if value is None else str(value) for name, value in row.items()}, number=at, now=now)
            for at, row in enumerate(given.validated_data["rows"], start=1)
        ]
        outcome = import_callees(lines=lines, actor=person_of(request), now=now)
        return Response(CalleesTakenSerializer(_shown(outcome)).data, status=status.HTTP_200_OK)

    @extend_schema(request=asks(CalleeImportForm), responses={202: JobSerializer})
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def imports(self, request: Request) -> Response:
        """Import a file of refusals and consents, with what proves it; its job says what became of each row."""
        given = filled(request, CalleeImportForm).cleaned_data
        job = ask_callee_import(upload=given["file"], proof=given["proof"], **acting(request))
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=asks(ReasonForm), responses=CalleeListingSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraw an entry."""
        entry = self.get_object()
        ended = withdraw(listing_id=entry.pk, **filled(request, ReasonForm).cleaned_data, **acting(request))
        return Response(CalleeListingSerializer(ended).data)

    @extend_schema(parameters=[AskedSerializer], responses=CalleeStandingSerializer, filters=False)
    @action(detail=False)
    def check(self, request: Request) -> Response:
        """Tell whether a number is on the do-not-call list, and whether consent holds."""
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = standing_of(
            read_number(asked.validated_data["number"]), asked.validated_data["purpose"], timezone.now()
        )
        return Response(CalleeStandingSerializer(found).data)


def _shown(outcome: CalleeImportOutcome) -> dict[str, Any]:
    refused = [
        {
            "row": line.number,
            "code": line.reasons[0].code,
            "field": line.reasons[0].field,
            "message": line.reasons[0].message,
        }
        for line in outcome.refused
    ]
    return {"stored": outcome.stored, "known": outcome.known, "refused": refused}
