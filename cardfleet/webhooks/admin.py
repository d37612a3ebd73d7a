"""Webhooks in the administration: what each asks for, what was sent, every answer, and sending once more."""

from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action

from cardfleet.accounts.access import person_of
from cardfleet.accounts.fresh import FreshSignInAdmin
from cardfleet.journal.registry import describe
from cardfleet.kernel.admin import ReadOnlyAdmin, ServiceModelAdmin
from cardfleet.kernel.errors import Refusal
from cardfleet.webhooks.forms import WebhookForm, asked_of
from cardfleet.webhooks.models import Attempt, Delivery, Webhook
from cardfleet.webhooks.services.delivery import replay
from cardfleet.webhooks.services.webhooks import change_webhook, create_webhook, renew_secret

FACTS = ("state", "due_at", "claimed_at", "tried_since", "tries", "delivered_at")


@admin.register(Webhook)
class WebhookAdmin(FreshSignInAdmin, ServiceModelAdmin[Webhook]):
    """Webhooks."""

    form = WebhookForm
    list_display = ("name", "address", "owner", "is_active", "disabled_for", "last_success_at")
    list_filter = ("is_active", "disabled_for")
    list_select_related = ("owner",)
    search_fields = ("name",)
    readonly_fields = ("owner", "disabled_for", "last_success_at", "old_secret_until", "position")

    def create(self, request: HttpRequest, given: dict[str, Any]) -> Webhook:
        """Make a webhook."""
        return create_webhook(
            asked=asked_of(given), secret=given["secret"], actor=person_of(request), now=timezone.now()
        )

    def change(self, request: HttpRequest, row: Webhook, given: dict[str, Any]) -> Webhook:
        """Change it, and its secret where a new one was given."""
        actor, now = person_of(request), timezone.now()
        if given["secret"]:
            renew_secret(webhook=row, secret=given["secret"], actor=actor, now=now)
        return change_webhook(webhook=row, asked=asked_of(given), is_active=given["is_active"], actor=actor, now=now)


class AttemptInline(TabularInline):  # type: ignore[misc]
    """Every call that was made for an event."""

    model = Attempt
    fields = readonly_fields = ("at", "ok", "status", "ms", "answer")
    extra = 0
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Delivery | None = None) -> bool:
        """Answer no."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Delivery | None = None) -> bool:
        """Answer no."""
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin[Delivery]):
    """The delivery log."""

    list_display = ("event", "webhook", "what", "subject", "state", "tries", "due_at", "delivered_at")
    fields = ("webhook", "event", "what", "subject", "lanes", *FACTS)
    readonly_fields = ("event", "what", "subject")
    list_filter = ("state", "webhook")
    list_select_related = ("webhook", "seal__entry")
    search_fields = ("=seal__entry__subject",)
    inlines = (AttemptInline,)
    show_full_result_count = False
    actions_detail = ("send_once_more",)

    @admin.display(description=gettext_lazy("event"), ordering="seal")
    def event(self, delivery: Delivery) -> str:
        """Return the id that the receiver sees."""
        return delivery.event_id

    @admin.display(description=gettext_lazy("Action"))
    def what(self, delivery: Delivery) -> str:
        """Return what happened, as the journal words it and as webhooks ask for it."""
        code = delivery.seal.entry.action
        return f"{describe(code).label} ({code})"

    @admin.display(description=gettext_lazy("Subject"))
    def subject(self, delivery: Delivery) -> str:
        """Return what it happened to."""
        return delivery.seal.entry.subject

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Send once more"),
        url_path="replay",
        icon="send",
        permissions=["replay"],
        dialog={"title": gettext_lazy("Send this event to the receiver once more?")},
    )
    def send_once_more(self, request: HttpRequest, _form: Form, object_id: str) -> HttpResponse:
        """Put it back among what is due."""
        delivery = self.get_queryset(request).get(pk=object_id)
        try:
            replay(delivery=delivery, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("It leaves within half a minute."))
        return redirect("admin:webhooks_delivery_change", object_id)

    def has_replay_permission(self, request: HttpRequest, _object_id: str | None = None) -> bool:
        """Ask for the right to send again."""
        return request.user.has_perm("webhooks.change_delivery")
