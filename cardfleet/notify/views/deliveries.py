"""The delivery log: what waits, what was sent, what failed for good and why."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models import Channel, Message
from cardfleet.notify.selectors import outbox, with_last_delivery
from cardfleet.notify.services.delivery import send_again

PAGE = 30


class DeliveriesView(PermissionRequiredMixin, View):
    """The outbox with the last answer of each message, above it every channel."""

    permission_required = "notify.view_delivery"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it."""
        state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
        found = Message.objects.all()
        if state in MessageState.values:
            found = found.filter(state=state)
        if channel.isdigit():
            found = found.filter(channel=int(channel))
        page = Paginator(outbox(found), PAGE).get_page(request.GET.get("page"))
        context = {
            "page_obj": page,
            "messages_shown": list(page),
            "channels": with_last_delivery(Channel.objects.filter(owner=None).select_related("team").order_by("name")),
            "views": views(state),
            "may_resend": person_of(request).has_perm("notify.change_message"),
            "may_test": person_of(request).has_perm("notify.change_channel"),
        }
        return render(request, "notify/deliveries.html", context)


class SendAgainView(PermissionRequiredMixin, View):
    """Send again what failed for good, once its cause is mended."""

    permission_required = "notify.change_message"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put it back into the outbox."""
        message = get_object_or_404(Message, pk=pk)
        send_again(message=message, actor=person_of(request), now=timezone.now())
        messages.success(request, _("It leaves within a minute."))
        return redirect("notify:deliveries")


def views(chosen: str) -> list[dict[str, Any]]:
    """Return the states of the outbox as views of the list, each with how many there are."""
    counted: dict[str, int] = dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
    named = [("", _("All"), sum(counted.values()))]
    named += [(state.value, str(state.label), counted.get(state, 0)) for state in MessageState]
    return [
        {"url": f"?state={state}" if state else "?", "label": label, "count": count, "current": state == chosen}
        for state, label, count in named
    ]
