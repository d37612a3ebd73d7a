"""`/api/v1/events/?after=`: the journal for those who poll, in the order of positions, nothing passed over."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from cardfleet.journal.events import Event, event_of
from cardfleet.journal.filters import EventFilter
from cardfleet.journal.models import Seal
from cardfleet.journal.sealing import seal_next
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.pagination import CursorPages
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import BadInput, NotVisible, Reason


class AfterPages(CursorPages):
    """Pages that begin after a position; `next` goes on while there is more, the last id read goes on later."""

    cursor_query_param = "after"
    cursor_query_description = _(  # type: ignore[assignment]
        "The id of the last event that was read; without it: from the start of the journal."
    )
    last: int | None = None

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Seal], request: Request, view: APIView | None = None
    ) -> list[Seal]:
        """Return the events after a position. BadInput when it is none."""
        size = self.get_page_size(request)
        found = list(queryset.filter(position__gt=_position(request)).order_by("position")[: size + 1])
        page = found[:size]
        self.last = page[-1].position if len(found) > size else None
        self.asked = request.build_absolute_uri()
        return page

    def get_next_link(self) -> str | None:
        """Return the address of the next page."""
        return replace_query_param(self.asked, self.cursor_query_param, self.last) if self.last else None

    def get_previous_link(self) -> None:
        """Return none: the feed is read forwards."""


def _position(request: Request) -> int:
    asked = request.query_params.get(AfterPages.cursor_query_param, "0")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 18:
        message = _("Give the id of the last event that you read, or 0.")
        raise BadInput(reasons=[Reason(code="after", message=message, field="after", value=asked[:40])])
    return int(asked)


class ActorSerializer(serializers.Serializer[Any]):
    """Who did it."""

    id = serializers.IntegerField()
    staff_no = serializers.CharField(allow_null=True)


class EventSerializer(serializers.Serializer[Seal]):
    """An entry of the journal. `id` is its position: without gaps, the same for ever; `type` is the action.

    `subject` and `related` are `<app>.<model>:<id>`. In `data` null stands for what a person typed.
    """

    id = serializers.IntegerField()
    type = serializers.CharField()
    time = serializers.DateTimeField()
    actor = ActorSerializer(allow_null=True)
    subject = serializers.CharField()
    related = serializers.ListField(child=serializers.CharField())
    data = serializers.DictField()  # type: ignore[assignment]

    def to_representation(self, seal: Seal) -> Event:  # type: ignore[override]
        """Return the event as webhooks send it, too."""
        return event_of(seal)


class HeadSerializer(serializers.ModelSerializer[Seal]):
    """The last place of the sealed journal; whoever keeps it elsewhere can prove later that nothing was taken away."""

    class Meta:
        model = Seal
        fields = ("position", "hash", "at")


class EventViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Seal]):
    """The event feed. An entry that commits late gets the next position, so that nobody who reads on misses it."""

    queryset = Seal.objects.select_related("entry__actor")
    serializer_class = EventSerializer
    filterset_class = EventFilter
    pagination_class = AfterPages
    permission_classes = (HasRight,)
    right = "journal.view_journal"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return events in the order of their positions, those of a moment ago as well."""
        seal_next(now=timezone.now())
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=HeadSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def head(self, request: Request) -> Response:
        """Return the last place with its hash, to be kept elsewhere."""
        head = Seal.objects.head()
        if head is None:
            raise NotVisible
        return Response(HeadSerializer(head).data)
