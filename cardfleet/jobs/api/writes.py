"""`POST /api/v1/writes/`: many writes in one request, of any resources, answered with their job."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.services.writes import ask_writes
from cardfleet.jobs.writes import Write, found_for, packed
from cardfleet.kernel.api import serializers

MOST = 1000


class WriteSerializer(serializers.Serializer[Any]):
    """A write: its address as this schema has it, with ids or natural keys, and the body that it takes there."""

    method = serializers.ChoiceField(choices=["POST", "PATCH"])
    path = serializers.CharField(max_length=200)
    body = serializers.DictField(required=False, default=dict)
    if_match = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an address that takes no such write, or answers a secret, which a job could not keep."""
        if found_for(attrs["method"], attrs["path"]) is None:
            message = _("There is no such write. Give a method and an address of the schema.")
            raise serializers.ValidationError({"path": [message]}, code="no_such_write")
        return attrs


class WritesSerializer(serializers.Serializer[Any]):
    """The writes, done one after another in this order."""

    rows = serializers.ListField(child=WriteSerializer(), min_length=1, max_length=MOST)


class WritesView(IdempotentMixin, APIView):
    """Many writes at once."""

    @extend_schema(request=WritesSerializer, responses={202: JobSerializer})
    def post(self, request: Request) -> Response:
        """Start the job of many writes; each stands alone, and needs the right that it needs by itself.

        `jobs/{id}/rows/` says why rows were refused, `jobs/{id}/done/` what the others made.
        """
        read = WritesSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        person = person_of(request)
        job = ask_writes(
            rows=packed([Write(**row) for row in read.validated_data["rows"]]),
            language=translation.get_language(),
            areas=person.areas,
            actor=person,
            now=timezone.now(),
        )
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)
