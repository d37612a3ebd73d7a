"""`/api/v1/webhooks/`: receivers of events, what was sent to each, sending once more, a new secret."""

from dataclasses import fields
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of, refuse_stale_session
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cardfleet.webhooks.choices import DeliveryState
from cardfleet.webhooks.models import Attempt, Delivery, Webhook
from cardfleet.webhooks.services.delivery import replay
from cardfleet.webhooks.services.webhooks import Asked, change_webhook, create_webhook, renew_secret

FIELDS: tuple[str, ...] = (
    *("id", "name", "address", "actions", "kinds", "about", "owner", "is_active"),
    *("disabled_for", "position", "last_success_at", "old_secret_until"),
)


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook. Its secret is answered once, when it is made or changed."""

    class Meta:
        model = Webhook
        fields = FIELDS
        read_only_fields = FIELDS


class WithSecret(serializers.ModelSerializer[Webhook]):
    """A webhook with the secret that its receiver needs."""

    class Meta:
        model = Webhook
        fields = (*FIELDS, "secret")
        read_only_fields = fields


class AskedSerializer(serializers.Serializer[Any]):
    """Where a webhook leads and what it asks for: action codes, beginnings (`cards.*`) or `*`; conditions.

    `kinds` are kinds of subjects (`cards.card`), `about` things that an event is about or names (`cards.card:7`),
    or that a card it names belongs to: its carrier (`cards.carrier:2`), its team or one above (`accounts.team:3`).
    """

    name = serializers.CharField(max_length=80)
    address = serializers.CharField(max_length=500)
    actions = serializers.ListField(child=serializers.CharField(max_length=64), max_length=100)
    kinds = serializers.ListField(child=serializers.CharField(max_length=64), max_length=100, default=list)
    about = serializers.ListField(child=serializers.CharField(max_length=100), max_length=100, default=list)


class NewWebhook(AskedSerializer):
    """A new webhook; without a secret it is given one."""

    secret = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class ChangedWebhook(AskedSerializer):
    """What of a webhook is to change."""

    is_active = serializers.BooleanField(default=True)


class NewSecret(serializers.Serializer[Any]):
    """`whsec_` and 24 to 64 bytes in base64; without it, one is made."""

    secret = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One call: the status and the beginning of the answer, or the code of why there was none."""

    class Meta:
        model = Attempt
        fields = ("at", "ok", "status", "ms", "answer")


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """An event for a receiver; `event` is its id in the event feed."""

    event = serializers.IntegerField(source="seal_id", read_only=True)
    type = serializers.CharField(source="seal.entry.action", read_only=True)
    subject = serializers.CharField(source="seal.entry.subject", read_only=True)
    attempts = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = ("id", "webhook", "event", "type", "subject", "state", "tries", "due_at", "delivered_at", "attempts")


class DeliveryFilter(ListFilterSet):
    """Filters over deliveries; `event` is an id of the event feed."""

    webhook = django_filters.NumberFilter(field_name="webhook_id")
    event = django_filters.NumberFilter(field_name="seal_id")
    state = django_filters.ChoiceFilter(choices=DeliveryState)

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()


class WebhookViewSet(viewsets.ReadOnlyModelViewSet[Webhook]):
    """Receivers of events."""

    answers_secrets = True

    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    permission_classes = (HasRight,)
    right = "webhooks.view_webhook"
    rights = {
        "create": "webhooks.add_webhook",
        "partial_update": "webhooks.change_webhook",
        "renew": "webhooks.change_webhook",
    }
    counted = True

    @extend_schema(request=NewWebhook, responses={201: WithSecret})
    def create(self, request: Request) -> Response:
        """Make a webhook that is told of what happens from now on."""
        refuse_stale_session(request)
        given = _given(NewWebhook, request)
        secret = given.pop("secret")
        webhook = create_webhook(asked=Asked(**given), secret=secret, actor=person_of(request), now=timezone.now())
        return Response(WithSecret(webhook).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangedWebhook, responses=WebhookSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given; switched on again, it is sent what waited for it meanwhile."""
        given, webhook = _given(ChangedWebhook, request, partial=True), self.get_object()
        is_active = given.pop("is_active", webhook.is_active)
        asked = Asked(**{field.name: given.get(field.name, getattr(webhook, field.name)) for field in fields(Asked)})
        changed = change_webhook(
            webhook=webhook, asked=asked, is_active=is_active, actor=person_of(request), now=timezone.now()
        )
        return Response(WebhookSerializer(changed).data)

    @extend_schema(request=NewSecret, responses=WithSecret)
    @action(detail=True, methods=["post"], url_path="new-secret")
    def renew(self, request: Request, pk: str) -> Response:
        """Give it a new secret; the old one signs beside it for 24 hours."""
        webhook = self.get_object()
        refuse_stale_session(request)
        secret = _given(NewSecret, request)["secret"]
        changed = renew_secret(webhook=webhook, secret=secret, actor=person_of(request), now=timezone.now())
        return Response(WithSecret(changed).data)


class DeliveryViewSet(viewsets.ReadOnlyModelViewSet[Delivery]):
    """The delivery log, newest first."""

    queryset = Delivery.objects.all()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    permission_classes = (HasRight,)
    right = "webhooks.view_delivery"
    rights = {"replay": "webhooks.change_delivery"}

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return deliveries with their events and attempts."""
        return Delivery.objects.select_related("seal__entry").prefetch_related("attempts")

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str) -> Response:
        """Send an event once more, whatever came of it."""
        again = replay(delivery=self.get_object(), actor=person_of(request), now=timezone.now())
        return Response(DeliverySerializer(again).data)


def _given(form: type[serializers.Serializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
    read = form(data=request.data, partial=partial)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)
