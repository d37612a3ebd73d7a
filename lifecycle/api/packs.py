"""`/api/v1/evidence-packs/`: packs are asked for and looked for; `GET /files/{file}/` is the pack itself."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of, refuse_stale_session
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cards.models import Card
from lifecycle.models import EvidencePack
from lifecycle.services.packs import RIGHT, ask_for_pack


class PackSerializer(serializers.ModelSerializer[EvidencePack]):
    """A pack: `state` is that of its job, `file` is there once it is made and until its day."""

    state = serializers.CharField(source="job.state", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True, default="")
    size = serializers.IntegerField(source="file.size", read_only=True, default=None, allow_null=True)

    class Meta:
        model = EvidencePack
        fields = (
            "id", "card", "team", "first", "last", "reason", "with_names", "with_numbers", "asked_at", "asked_by",
            "job", "state", "made_at", "cards", "rows", "files", "file", "sha256", "size",
        )  # fmt: skip
        read_only_fields = fields


class NewPackSerializer(serializers.Serializer[Any]):
    """Of what: a card (its whole life without days), or the cards of a period, of a team's where one is named."""

    card = serializers.KeyField(Card, required=False, allow_null=True, default=None)
    team = serializers.IntegerField(required=False, allow_null=True, default=None)
    first = serializers.DateField(required=False, allow_null=True, default=None)
    last = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=500)
    with_names = serializers.BooleanField(default=False)
    with_numbers = serializers.BooleanField(default=False)


class PackViewSet(viewsets.ReadOnlyModelViewSet[EvidencePack]):
    """The packs the person sees."""

    queryset = EvidencePack.objects.all()
    serializer_class = PackSerializer
    permission_classes = (HasRight,)
    right = RIGHT

    def get_queryset(self) -> QuerySet[EvidencePack]:
        """Return those in sight."""
        return EvidencePack.objects.visible_to(person_of(self.request)).select_related("job", "file")

    @extend_schema(request=NewPackSerializer, responses={202: PackSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a pack; its job makes it. A browser's session must be fresh, as on the page."""
        refuse_stale_session(request)
        asked = NewPackSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        scope = {"card_id": given.pop("card"), "team_id": given.pop("team")}
        pack = ask_for_pack(**scope, **given, actor=person_of(request), now=timezone.now())
        if pack.job:
            enqueue(pack.job)
        return Response(self.get_serializer(pack).data, status=status.HTTP_202_ACCEPTED)
