"""`/api/v1/inbox/`, `channels/`, `deliveries/`: what one was told, by which channels, and what came of it."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.filtersets import ListFilterSet
from cardfleet.notify.choices import ChannelKind, MessageState
from cardfleet.notify.forms import OwnChannelForm
from cardfleet.notify.models import Channel, InboxItem, Message
from cardfleet.notify.services.channels import Carries, create_channel, switch_own_channel, test_channel
from cardfleet.notify.services.delivery import send_again
from cardfleet.notify.services.inbox import open_item, read_all
from cardfleet.notify.wording import word


class InboxItemSerializer(serializers.ModelSerializer[InboxItem]):
    """A line of the inbox, worded in the language asked for; `url` is the page it is about."""

    subject = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = InboxItem
        fields = ("id", "code", "subject", "body", "url", "created_at", "read_at")
        read_only_fields = fields

    def get_subject(self, item: InboxItem) -> str:
        """What it is about."""
        return str(word(item.code, item.params, get_language() or "").subject)

    def get_body(self, item: InboxItem) -> str:
        """What it says."""
        return str(word(item.code, item.params, get_language() or "").body)


class ReadSerializer(serializers.Serializer[Any]):
    """How many lines were not read before."""

    read = serializers.IntegerField()


class InboxFilter(ListFilterSet):
    """Filters over the inbox."""

    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = InboxItem
        fields: tuple[str, ...] = ()


class InboxViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[InboxItem]):
    """What the person was told, the latest first."""

    queryset = InboxItem.objects.all()
    serializer_class = InboxItemSerializer
    filterset_class = InboxFilter
    permission_classes = (HasRight,)

    def get_queryset(self) -> QuerySet[InboxItem]:
        """Return the person's own."""
        return InboxItem.objects.of(person_of(self.request))

    @extend_schema(request=None, responses=InboxItemSerializer)
    @action(detail=True, methods=["post"], url_path="read", url_name="read")
    def open(self, request: Request, pk: str) -> Response:
        """Mark a line as read."""
        by = acting(request)
        item = open_item(pk=self.get_object().pk, person=by["actor"], now=by["now"])
        return Response(InboxItemSerializer(item).data)

    @extend_schema(request=None, responses=ReadSerializer)
    @action(detail=False, methods=["post"], url_path="read-all", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark all as read."""
        by = acting(request)
        return Response(ReadSerializer({"read": read_all(person=by["actor"], now=by["now"])}).data)


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    """A channel; its address and secret are never answered. `least` is the least urgency that it carries."""

    class Meta:
        model = Channel
        fields = ("id", "name", "kind", "team", "owner", "least", "is_active", "disabled_reason")
        read_only_fields = fields


class ChannelSwitchSerializer(serializers.Serializer[Any]):
    """Whether a channel is to be in use."""

    is_active = serializers.BooleanField()


class ChannelViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Channel]):
    """The person's own channels; for who keeps them, the company's as well."""

    queryset = Channel.objects.all()
    serializer_class = ChannelSerializer
    permission_classes = (HasRight,)

    def get_queryset(self) -> QuerySet[Channel]:
        """Return those the person may test."""
        person = person_of(self.request)
        own = Channel.objects.filter(owner=person)
        return own | Channel.objects.filter(owner=None) if person.has_perm("notify.change_channel") else own

    @extend_schema(request=asks(OwnChannelForm), responses={201: ChannelSerializer})
    def create(self, request: Request) -> Response:
        """Add a channel of one's own."""
        given, person = filled(request, OwnChannelForm).cleaned_data, person_of(request)
        channel = create_channel(
            name=given["name"],
            kind=ChannelKind(given["kind"]),
            address=given["address"],
            secret=given["secret"],
            owner=person,
            carries=Carries(least=given["least"]),
            **acting(request),
        )
        return Response(ChannelSerializer(channel).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChannelSwitchSerializer, responses=ChannelSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        """Switch a channel of one's own on or off."""
        channel, given = self.get_object(), ChannelSwitchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        switched = switch_own_channel(channel=channel, **given.validated_data, **acting(request))
        return Response(ChannelSerializer(switched).data)

    @extend_schema(request=None, responses={202: ChannelSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Send a test by a channel that is in use; what came of it is told within a minute."""
        channel = self.get_object()
        if not channel.is_active:
            raise NotVisible
        test_channel(channel=channel, **acting(request))
        return Response(ChannelSerializer(channel).data, status=status.HTTP_202_ACCEPTED)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message on its way out; to whom and what it says stays in CardFleet."""

    class Meta:
        model = Message
        fields = ("id", "channel", "state", "created_at", "due_at", "sent_at", "attempts")
        read_only_fields = fields


class MessageFilter(ListFilterSet):
    """Filters over messages."""

    state = django_filters.ChoiceFilter(choices=MessageState)
    channel = django_filters.NumberFilter(field_name="channel_id")

    class Meta:
        model = Message
        fields: tuple[str, ...] = ()


class MessageViewSet(viewsets.ReadOnlyModelViewSet[Message]):
    """The outbox."""

    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    permission_classes = (HasRight,)
    right = "notify.view_delivery"
    rights = {"again": "notify.change_message"}

    @extend_schema(request=None, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Send again what failed for good, once its cause is mended."""
        message = self.get_object()
        send_again(message=message, **acting(request))
        message.refresh_from_db()
        return Response(MessageSerializer(message).data)
