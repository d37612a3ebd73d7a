"""`/api/v1/notes/`: what people wrote about cards."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Card, CardNote
from cards.services.notes import write_note


class NoteSerializer(serializers.ModelSerializer[CardNote]):
    """A note; `author` is its writer's name."""

    author = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = CardNote
        fields = ("id", "card", "text", "author", "at")
        read_only_fields = fields


class GivenNoteSerializer(serializers.Serializer[Any]):
    """A card and what is to be noted of it, at most 10,000 characters."""

    card = serializers.InScope(queryset=Card.objects.all())
    text = serializers.CharField(max_length=10_000)


class NoteFilter(ListFilterSet):
    """Filters over notes."""

    card = django_filters.NumberFilter(field_name="card_id")
    search = django_filters.CharFilter(field_name="text", lookup_expr="icontains")

    class Meta:
        model = CardNote
        fields: tuple[str, ...] = ()


class NoteViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CardNote]):
    """The notes on cards in scope, newest first."""

    queryset = CardNote.objects.all()
    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    permission_classes = (HasRight,)
    right = "cards.view_cardnote"
    rights = {"create": "cards.add_cardnote"}

    def get_queryset(self) -> QuerySet[CardNote]:
        """Return the notes in scope."""
        return CardNote.objects.visible_to(person_of(self.request)).select_related("author")

    @extend_schema(request=GivenNoteSerializer, responses={201: NoteSerializer})
    def create(self, request: Request) -> Response:
        """Write a note on a card."""
        asked = GivenNoteSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        note = write_note(card_id=given["card"].pk, text=given["text"], actor=person_of(request), now=timezone.now())
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)
