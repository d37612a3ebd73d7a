"""`/api/v1/usage/imports/`: files of call records, looked at, imported, repaired and taken back (R13, R82)."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.import_forms import (
    AgainSerializer,
    CorrectedSerializer,
    MappingSerializer,
    ReadAsSerializer,
    ReadingSerializer,
    RepairSerializer,
    mapping_form,
    reading_of,
)
from billing.api.usage import NumberField
from billing.choices import SourceRole
from billing.filters import BatchFilter
from billing.forms.usable import usable
from billing.importers.bundles import is_bundle
from billing.importers.registry import choices
from billing.models import UsageBatch
from billing.services.profiles import map_file
from billing.services.revocation import request_revocation
from billing.services.usage_bundles import receive_all, request_all
from billing.services.usage_repairs import correct_by_file, correct_rows, import_again
from billing.services.usage_requests import (
    Delivery,
    change_reading,
    discard_batch,
    receive,
    request_import,
    start_import,
    start_waiting,
)
from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight

DEEDS = ("create", "start_all", "reading", "mapping", "start", "discard", "repair", "again", "corrected")


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
    """A file to import. `role` and `format` may be left out; `card` is the own number of a detail that names none.

    With `start` false it waits: it can be looked at and its columns mapped before its import is started.
    """

    file = serializers.FileField()
    source = serializers.SlugField(max_length=40)  # type: ignore[assignment]
    role = serializers.ChoiceField(choices=SourceRole.choices, required=False)
    card = serializers.CharField(required=False, allow_blank=True, default="")
    format = serializers.ChoiceField(choices=choices(), required=False, default="")
    start = serializers.BooleanField(required=False, default=True)


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


class BatchViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[UsageBatch]):
    """Imports of call records."""

    queryset = UsageBatch.objects.all()
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "billing.view_usagebatch"
    rights = {**dict.fromkeys(DEEDS, "billing.import_usage"), "revoke": "billing.revoke_usage"}

    def get_queryset(self) -> QuerySet[UsageBatch]:
        """Return the person's imports; all of them for who sees every team."""
        return UsageBatch.objects.visible_to(person_of(self.request)).select_related("source")

    @extend_schema(request={"multipart/form-data": DeliverySerializer}, responses={202: IMPORTED})
    def create(self, request: Request) -> Response:
        """Take a file; its job does the rest. 400 when nothing of it can be read.

        Several `file` parts, or a zip archive, are answered `{"results": [...], "refused": [...]}`: a batch a file, and
        each file that was refused; 400 with the first refusal when all were.
        """
        given, now = self.given(DeliverySerializer), timezone.now()
        deliveries = _deliveries(given, request)
        one, several = (request_import, request_all) if given["start"] else (receive, receive_all)
        if len(deliveries) == 1 and not is_bundle(cast("BinaryIO", deliveries[0].content)):
            batch = one(delivery=deliveries[0], actor=person_of(request), now=now)
            return _asked([batch], self.get_serializer(batch).data)
        received = several(deliveries=deliveries, actor=person_of(request), now=now)
        if not received.batches:
            raise received.refused[0].refusal
        refused = [{"name": one.name, **one.refusal.as_json()} for one in received.refused]
        results = self.get_serializer(received.batches, many=True).data
        return _asked(received.batches, {"results": results, "refused": refused})

    @extend_schema(request=RevocationSerializer, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take a whole import back; its job moves the calls aside. 409 for one that is not stored, or is revoked."""
        batch, given = self.get_object(), self.given(RevocationSerializer)
        job = request_revocation(batch=batch, **given, actor=person_of(request), now=timezone.now())
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: BatchSerializer(many=True)}, filters=False)
    @action(detail=False, methods=["post"], url_path="start-waiting", pagination_class=None, filterset_class=None)
    def start_all(self, request: Request) -> Response:
        """Start every import of one's own sight that waits and is recognised, and answer those."""
        waiting = UsageBatch.objects.visible_to(person_of(request))
        started = start_waiting(batches=waiting, actor=person_of(request), now=timezone.now())
        return _asked(started, self.get_serializer(started, many=True).data)

    @extend_schema(methods=["GET"], responses=ReadingSerializer, filters=False)
    @extend_schema(methods=["POST"], request=ReadAsSerializer, responses=ReadingSerializer)
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def reading(self, request: Request, pk: str) -> Response:
        """Say how a file would be read; or say of one that waits which number it is of and what its format is."""
        batch = self.get_object()
        if request.method == "POST":
            given = self.given(ReadAsSerializer)
            batch = change_reading(batch=batch, own_number=given["card"], wanted=given["format"])
        return Response(reading_of(batch, now=timezone.now()))

    @extend_schema(request=MappingSerializer, responses=ReadingSerializer)
    @action(detail=True, methods=["post"])
    def mapping(self, request: Request, pk: str) -> Response:
        """Say what the columns of a file that waits hold; the next one with its header is read so too."""
        batch, given, now = self.get_object(), self.given(MappingSerializer), timezone.now()
        form = mapping_form(batch, given, now=now)
        number = usable(form)["own_number"]
        map_file(batch=batch, facts=form.facts(), own_number=number, actor=person_of(request), now=now)
        return Response(reading_of(self.get_object(), now=now))

    @extend_schema(request=None, responses={202: BatchSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Start an import that waits, or take up again one that failed."""
        started = start_import(batch=self.get_object(), actor=person_of(request), now=timezone.now())
        return _asked([started], self.get_serializer(started).data)

    @extend_schema(request=None, responses=BatchSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Put away a file that waits: nothing of it is imported."""
        discard_batch(batch=self.get_object(), actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=RepairSerializer, responses={202: BatchSerializer})
    @action(detail=True, methods=["post"])
    def repair(self, request: Request, pk: str) -> Response:
        """Import refused rows again with the cells given, and answer the batch that does."""
        batch, given = self.get_object(), self.given(RepairSerializer)
        cells = {row["id"]: row["cells"] for row in given["rows"]}
        return self._corrected(correct_rows, batch=batch, cells=cells)

    @extend_schema(request=AgainSerializer, responses={202: BatchSerializer})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Import all rows again that were refused for one reason: what lacked may be there now."""
        batch, given = self.get_object(), self.given(AgainSerializer)
        return self._corrected(import_again, batch=batch, code=given["code"])

    @extend_schema(request={"multipart/form-data": CorrectedSerializer}, responses={202: BatchSerializer})
    @action(detail=True, methods=["post"])
    def corrected(self, request: Request, pk: str) -> Response:
        """Import the refused rows again from the corrected file of them."""
        batch, file = self.get_object(), self.given(CorrectedSerializer)["file"]
        return self._corrected(correct_by_file, batch=batch, file=file, name=file.name)

    def _corrected(self, service: Callable[..., UsageBatch], **given: Any) -> Response:
        correction = service(**given, actor=person_of(self.request), now=timezone.now())
        return _asked([correction], self.get_serializer(correction).data)
