"""Channels and the outbox in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cardfleet.accounts.access import person_of
from cardfleet.kernel.admin import ReadOnlyAdmin, ServiceModelAdmin
from cardfleet.notify.choices import ChannelKind
from cardfleet.notify.forms import ChannelForm
from cardfleet.notify.models import Channel, Delivery, Message
from cardfleet.notify.services.channels import Carries, change_channel, create_channel, test_channel

CARRIED = ("least", "quiet_from", "quiet_until", "urgent_through")


@admin.register(Channel)
class ChannelAdmin(ServiceModelAdmin[Channel]):
    """Where messages go."""

    form = ChannelForm
    list_display = ("name", "kind", "team", "is_active", "disabled_reason")
    list_filter = ("kind", "is_active")
    list_select_related = ("team",)
    search_fields = ("name",)
    autocomplete_fields = ("team",)
    readonly_fields = ("disabled_reason",)
    actions_detail = ("send_test",)

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Channel:
        """Make a channel."""
        carries = _carries(given)
        del given["is_active"]
        return create_channel(**given, carries=carries, actor=person_of(request), now=timezone.now())

    def change(self, request: HttpRequest, row: Channel, given: dict[str, Any]) -> Channel:
        """Change it."""
        carries = _carries(given)
        return change_channel(channel=row, **given, carries=carries, actor=person_of(request), now=timezone.now())

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Send a test"),
        url_path="test",
        icon="send",
        permissions=["change"],
        dialog={"title": gettext_lazy("Send a test message by this channel?")},
    )
    def send_test(self, request: HttpRequest, _form: Form, object_id: str) -> HttpResponse:
        """Queue a test message."""
        channel = self.get_queryset(request).get(pk=object_id)
        test_channel(channel=channel, actor=person_of(request), now=timezone.now())
        messages.success(request, _("A test is on its way. Look at the outbox in a minute."))
        return redirect("admin:notify_channel_change", object_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        """Return the channels of teams and of everybody; people's own are their own."""
        return super().get_queryset(request).filter(owner=None)


def _carries(given: dict[str, Any]) -> Carries:
    """Take what a channel carries out of what was entered."""
    given["kind"] = ChannelKind(given["kind"])
    return Carries(**{name: given.pop(name) for name in CARRIED})


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    """The outbox."""

    list_display = ("created_at", "subject", "channel", "email", "state", "attempts", "due_at", "sent_at")
    list_filter = ("state", "channel")
    list_select_related = ("channel",)
    search_fields = ("subject", "=key")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin[Delivery]):
    """Every attempt to send."""

    list_display = ("at", "message", "ok", "permanent", "detail")
    list_filter = ("ok", "permanent")
    list_select_related = ("message",)
