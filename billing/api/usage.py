"""`/api/v1/usage/`: calls of the cards in scope; and the imports they came by."""

from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import generics, mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.feed import FeedMixin
from billing.choices import SourceRole
from billing.filters import BatchFilter, RejectFilter
from billing.importers.bundles import is_bundle
from billing.importers.registry import choices
from billing.lists.ledger import USAGE, of_late
from billing.models import UsageBatch, UsageRecord, UsageReject
from billing.selectors.charge_steps import steps_of
from billing.selectors.explaining import explain, find_call
from billing.services.revocation import request_revocation
from billing.services.usage_bundles import request_all
from billing.services.usage_requests import Delivery, request_import
from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.masking import mask_msisdn
from cardfleet.lists.api.listed import Listed


class NumberField(serializers.CharField):
    """A phone number: E.164 for who may see it whole, else masked."""

    def to_representation(self, value: str) -> str:
        """Return the number as this person may see it."""
        whole = self.context["request"].user.has_perm("cards.view_full_number")
        return value if whole else mask_msisdn(value)


class UsageSerializer(serializers.ModelSerializer[UsageRecord]):
    """A call. `fee` is the carrier's, `rated_fee` our own rating, CNY; `flags` 1: outside the card's life, 2: ahead
    of the clock."""

    msisdn = NumberField(read_only=True)
    counterpart = NumberField(read_only=True)
    source: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = UsageRecord
        fields = (
            "uid", "card", "msisdn", "source", "started_at", "direction", "counterpart", "duration_s", "answered",
            "fee", "rated_fee", "agent", "team", "flags",
        )  # fmt: skip
        read_only_fields = fields


class StepSerializer(serializers.Serializer[Any]):
    """A step of what a call cost, in words."""

    title = serializers.CharField()
    text = serializers.CharField()


class UsageViewSet(Listed, FeedMixin, mixins.ListModelMixin, viewsets.GenericViewSet[UsageRecord]):
    """Calls, newest first; without a card or a span of time, those of the last 31 days. Live ones are posted here."""

    queryset = UsageRecord.objects.all()
    serializer_class = UsageSerializer
    listing = USAGE
    permission_classes = (HasRight,)
    right = "billing.view_usagerecord"
    rights = {"create": "billing.feed_usage"}
    ordering = ("-started_at", "card_id")

    def get_queryset(self) -> QuerySet[UsageRecord]:
        """Return the calls of the cards in scope."""
        calls = UsageRecord.objects.visible_to(person_of(self.request)).select_related("source")
        found: QuerySet[UsageRecord] = of_late(calls, self.request.query_params, timezone.now())
        return found

    @extend_schema(
        parameters=[OpenApiParameter("uid", str, required=True), OpenApiParameter("card", int)],
        responses=StepSerializer(many=True),
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def explain(self, request: Request) -> Response:
        """Say step by step what a call cost, by its id; with its card it is found at once."""
        card = request.query_params.get("card", "")
        calls = UsageRecord.objects.visible_to(person_of(request))
        call = find_call(request.query_params.get("uid", ""), calls, card_id=int(card) if card.isdecimal() else None)
        return Response(StepSerializer(steps_of(explain(call)), many=True).data)


class BatchSerializer(serializers.ModelSerializer[UsageBatch]):
    """An imported file and what became of its rows."""

    source: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    own_number = NumberField(read_only=True)

    class Meta:
        model = UsageBatch
        fields = (
            "id", "source", "name", "archive", "corrects", "format", "state", "own_number",
            "job", "rows_read", "rows_stored", "rows_duplicate",
            "rows_refused", "rows_skipped", "rows_flagged", "first_at", "last_at", "created_at", "stored_at",
            "revoked_reason",
        )  # fmt: skip
        read_only_fields = fields


class DeliverySerializer(serializers.Serializer[Any]):
    """A file to import. `role` and `format` may be left out; `card` is the own number of a detail that names none."""

    file = serializers.FileField()
    source = serializers.SlugField(max_length=40)  # type: ignore[assignment]
    role = serializers.ChoiceField(choices=SourceRole.choices, required=False)
    card = serializers.CharField(required=False, allow_blank=True, default="")
    format = serializers.ChoiceField(choices=choices(), required=False, default="")


def _deliveries(given: dict[str, Any], request: Request) -> list[Delivery]:
    """Return each file that was sent, with what was said of all of them."""
    return [
        Delivery(
            content=file,
            name=file.name,
            source=given["source"],
            role=SourceRole(given["role"]) if given.get("role") else None,
            own_number=given["card"],
            wanted=given["format"],
        )
        for file in request.FILES.getlist("file")
    ]


class RefusedFileSerializer(serializers.Serializer[Any]):
    """A file of which nothing could be read, and why."""

    name = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.ListField(child=serializers.DictField())


class BatchesSerializer(serializers.Serializer[Any]):
    """What became of several files."""

    results = BatchSerializer(many=True)
    refused = RefusedFileSerializer(many=True)


IMPORTED = PolymorphicProxySerializer(
    component_name="Imported", serializers=[BatchSerializer, BatchesSerializer], resource_type_field_name=None
)


def _asked(batches: list[UsageBatch], answer: Any) -> Response:
    for batch in batches:
        if batch.job:
            enqueue(batch.job)
    return Response(answer, status=status.HTTP_202_ACCEPTED)


class RevocationSerializer(serializers.Serializer[Any]):
    """Why an import is revoked."""

    reason = serializers.CharField()


class BatchViewSet(
    IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[UsageBatch]
):
    """Imports of call records."""

    queryset = UsageBatch.objects.all()
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    permission_classes = (HasRight,)
    parser_classes = (parsers.MultiPartParser,)
    right = "billing.view_usagebatch"
    rights = {"create": "billing.import_usage", "revoke": "billing.revoke_usage"}

    def get_queryset(self) -> QuerySet[UsageBatch]:
        """Return the person's imports; all of them for who sees every team."""
        return UsageBatch.objects.visible_to(person_of(self.request)).select_related("source")

    @extend_schema(request={"multipart/form-data": DeliverySerializer}, responses={202: IMPORTED})
    def create(self, request: Request) -> Response:
        """Take a file; its job does the rest. 400 when nothing of it can be read.

        Several `file` parts, or a zip archive, are answered `{"results": [...], "refused": [...]}`: a batch a file, and
        each file that was refused; 400 with the first refusal when all were.
        """
        asked = DeliverySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        deliveries = _deliveries(asked.validated_data, request)
        now = timezone.now()
        if len(deliveries) == 1 and not is_bundle(cast("BinaryIO", deliveries[0].content)):
            batch = request_import(delivery=deliveries[0], actor=person_of(request), now=now)
            return _asked([batch], self.get_serializer(batch).data)
        received = request_all(deliveries=deliveries, actor=person_of(request), now=now)
        if not received.batches:
            raise received.refused[0].refusal
        refused = [{"name": one.name, **one.refusal.as_json()} for one in received.refused]
        results = self.get_serializer(received.batches, many=True).data
        return _asked(received.batches, {"results": results, "refused": refused})

    @extend_schema(request=RevocationSerializer, responses={202: JobSerializer})
    @action(detail=True, methods=["post"], parser_classes=[OneMeaningJSONParser])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take a whole import back; its job moves the calls aside. 409 for one that is not stored, or is revoked."""
        asked = RevocationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = asked.validated_data["reason"]
        job = request_revocation(batch=self.get_object(), reason=reason, actor=person_of(request), now=timezone.now())
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)


class RejectSerializer(serializers.ModelSerializer[UsageReject]):
    """A refused row: where, what stands there, and why."""

    message = serializers.SerializerMethodField()

    class Meta:
        model = UsageReject
        fields = ("line", "column", "value", "code", "message")

    @extend_schema_field(str)
    def get_message(self, reject: UsageReject) -> str:
        """Return the reason as a sentence."""
        return reject.message


class RejectsView(generics.ListAPIView[UsageReject]):
    """The rows of an import that are still refused."""

    queryset = UsageReject.objects.all()
    serializer_class = RejectSerializer
    filterset_class = RejectFilter
    permission_classes = (HasRight,)
    right = "billing.import_usage"
    ordering = ("line", "id")

    def get_queryset(self) -> QuerySet[UsageReject]:
        """Return the rows of an import the person may see; NotVisible for another."""
        batch = UsageBatch.objects.visible_to(person_of(self.request)).filter(pk=self.kwargs["pk"]).first()
        if batch is None:
            raise NotVisible
        return batch.rejects.open()
