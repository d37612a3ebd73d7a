"""`/api/v1/registrants/` and the copies kept of their IDs (R23). ID numbers and pictures are never answered."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting
from cardfleet.files.models import StoredFile
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, ListFilterSet
from cards.choices import RegistrantKind
from cards.models import Registrant
from cards.selectors.id_copies import copies_of
from cards.services.id_copies import attach_id_copy, remove_id_copy


class RegistrantSerializer(serializers.ModelSerializer[Registrant]):
    """A person or company in whose name cards are; `has_id_number` tells only that one is stored."""

    has_id_number = serializers.SerializerMethodField()

    class Meta:
        model = Registrant
        fields = ("id", "kind", "name", "has_id_number", "proof_valid_until", "handler_name")

    def get_has_id_number(self, registrant: Registrant) -> bool:
        """Whether an ID number is stored."""
        return registrant.id_fingerprint is not None


class IdCopySerializer(serializers.ModelSerializer[StoredFile]):
    """A copy kept of an ID; it is looked at on its page alone, after a fresh sign-in."""

    class Meta:
        model = StoredFile
        fields = ("id", "name", "content_type", "size", "created_at")
        read_only_fields = fields


class NewIdCopySerializer(serializers.Serializer[Any]):
    """A photo or scan of an ID, to be kept only where it is needed."""

    file = serializers.FileField(max_length=1000, help_text="JPEG or PNG, up to 20 MB.")


class RegistrantFilter(ListFilterSet):
    """Filters over registrants."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(choices=RegistrantKind)
    proof_valid = Days("proof_valid_until", label=_("proof valid until"))

    class Meta:
        model = Registrant
        fields: tuple[str, ...] = ()


class RegistrantViewSet(viewsets.ReadOnlyModelViewSet[Registrant]):
    """Registrants; the encrypted number is not even loaded."""

    queryset = Registrant.objects.defer("id_number")
    serializer_class = RegistrantSerializer
    filterset_class = RegistrantFilter
    permission_classes = (HasRight,)
    right = "cards.view_registrant"
    rights = {
        "copies": "cards.view_real_name",
        **dict.fromkeys(("keep_copy", "remove_copy"), "cards.change_registrant"),
    }

    @extend_schema(responses=IdCopySerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None, pagination_class=None, parser_classes=(parsers.MultiPartParser,))
    def copies(self, _request: Request, pk: str) -> Response:
        """List the copies kept of the registrant's ID, the latest first."""
        kept = copies_of(self.get_object()).order_by("-created_at", "pk")
        return Response(IdCopySerializer(kept, many=True).data)

    @extend_schema(request=NewIdCopySerializer, responses={201: IdCopySerializer})
    @copies.mapping.post
    def keep_copy(self, request: Request, pk: str) -> Response:
        """Keep a copy of the registrant's ID; its content decides its type."""
        registrant, file = self.get_object(), self.given(NewIdCopySerializer)["file"]
        kept = attach_id_copy(registrant=registrant, content=file, name=file.name, **acting(request))
        return Response(IdCopySerializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path=r"copies/(?P<copy>[\w-]+)/remove", url_name="copy-remove")
    def remove_copy(self, request: Request, pk: str, copy: str) -> Response:
        """Delete the content of a copy that is needed no longer; its name and hash stay."""
        registrant = self.get_object()
        kept = get_object_or_404(copies_of(registrant), pk=copy)
        remove_id_copy(registrant=registrant, copy_id=str(kept.pk), **acting(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
