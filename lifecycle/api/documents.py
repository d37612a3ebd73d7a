"""`/api/v1/documents/`: files attached to cards."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.files.models import StoredFile
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Card
from cards.selectors.documents import documents_of_cards
from cards.services.documents import attach_document, remove_document


class DocumentSerializer(serializers.ModelSerializer[StoredFile]):
    """A document of a card; `GET /files/{id}/` is the file itself."""

    card = serializers.SerializerMethodField()

    class Meta:
        model = StoredFile
        fields = ("id", "card", "name", "content_type", "size", "sha256", "created_at")
        read_only_fields = fields

    def get_card(self, document: StoredFile) -> int:
        """The id of the card."""
        return card_id_of(document)


class GivenDocumentSerializer(serializers.Serializer[Any]):
    """A card and a file of at most 20 MB."""

    card = serializers.InScope(queryset=Card.objects.all())
    file = serializers.FileField(max_length=1000)


class DocumentFilter(ListFilterSet):
    """Filters over documents."""

    card = django_filters.NumberFilter(method="filter_card")

    class Meta:
        model = StoredFile
        fields: tuple[str, ...] = ()

    def filter_card(self, documents: QuerySet[StoredFile], _name: str, value: Any) -> QuerySet[StoredFile]:
        """Return the documents of one card."""
        return documents.filter(subject=f"cards.card:{value:.0f}")


class DocumentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[StoredFile]):
    """The documents of cards in scope, newest first."""

    queryset = StoredFile.objects.none()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    parser_classes = (parsers.MultiPartParser,)
    permission_classes = (HasRight,)
    right = "lifecycle.view_fleet"
    rights = {"create": "cards.attach_document", "remove": "cards.change_card"}
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[StoredFile]:
        """Return the documents in scope."""
        return documents_of_cards(Card.objects.visible_to(person_of(self.request)))

    @extend_schema(request=GivenDocumentSerializer, responses={201: DocumentSerializer})
    def create(self, request: Request) -> Response:
        """Attach a file to a card; its content decides its type."""
        asked = GivenDocumentSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        card, file = asked.validated_data["card"], asked.validated_data["file"]
        stored = attach_document(card=card, content=file, name=file.name, actor=person_of(request), now=timezone.now())
        return Response(DocumentSerializer(stored).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Take a document away: its content is deleted, its name and hash stay."""
        document = self.get_object()
        card = Card.objects.visible_to(person_of(request)).get(pk=card_id_of(document))
        remove_document(card=card, document_id=str(document.pk), actor=person_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def card_id_of(document: StoredFile) -> int:
    """Return the id of the card that a document is attached to."""
    return int(document.subject.rpartition(":")[2])
