"""`/api/v1/my/data-requests/`: what one asks about one's own data (PIPL art. 44 to 47)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.files.models import StoredFile
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.filters import read_filters
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from lifecycle.choices import MatterKind
from lifecycle.forms.desk import OwnRequestForm
from lifecycle.models import Matter
from lifecycle.selectors.desk.mine import OwnRequest, my_requests
from lifecycle.services.desk.own import ask_for_own


class AnswerFileSerializer(serializers.ModelSerializer[StoredFile]):
    """A file of an answer."""

    class Meta:
        model = StoredFile
        fields = ("id", "name", "content_type", "size", "created_at")
        read_only_fields = fields


class OwnRequestSerializer(serializers.Serializer[OwnRequest]):
    """A request with the files of its answer; `outcome` is empty while it is open."""

    id = serializers.IntegerField(source="matter.pk")
    kind = serializers.ChoiceField(source="matter.kind", choices=MatterKind.choices)
    summary = serializers.CharField(source="matter.summary")
    received_at = serializers.DateTimeField(source="matter.received_at")
    due_at = serializers.DateTimeField(source="matter.due_at", allow_null=True)
    closed_at = serializers.DateTimeField(source="matter.closed_at", allow_null=True)
    outcome = serializers.CharField(source="matter.outcome")
    files = AnswerFileSerializer(many=True)


class OwnRequestsSerializer(serializers.Serializer[Any]):
    """One's latest requests."""

    results = OwnRequestSerializer(many=True)


class OwnRequestViewSet(viewsets.GenericViewSet[Matter]):
    """What the person who asks asked about their own data; nobody else's."""

    queryset = Matter.objects.all()
    permission_classes = (HasRight,)
    serializer_class: Any = OwnRequestSerializer
    pagination_class = None

    @extend_schema(responses=forced_singular_serializer(OwnRequestsSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """List one's latest requests with their answers."""
        read_filters(request, None, set())
        return Response(OwnRequestsSerializer({"results": my_requests(person_of(request))}).data)

    @extend_schema(request=asks(OwnRequestForm), responses={201: OwnRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask; the answer comes within 15 working days."""
        given = filled(request, OwnRequestForm).cleaned_data
        matter = ask_for_own(kind=given["kind"], summary=given["summary"], actor=person_of(request), now=timezone.now())
        told = OwnRequestSerializer(OwnRequest(matter=matter, files=()))
        return Response(told.data, status=status.HTTP_201_CREATED)
