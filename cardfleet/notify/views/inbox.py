"""A person's inbox."""

from dataclasses import dataclass

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.notify.models import InboxItem
from cardfleet.notify.selectors import unread_count
from cardfleet.notify.services.inbox import open_item, read_all
from cardfleet.notify.wording import Wording, word

PAGE = 30


@dataclass(frozen=True)
class Line:
    """A line of the inbox, worded for who reads it."""

    item: InboxItem
    wording: Wording


class InboxView(LoginRequiredMixin, View):
    """What a person was told, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it."""
        items = InboxItem.objects.of(person_of(request))
        page = Paginator(items, PAGE).get_page(request.GET.get("page"))
        lines = [Line(item, word(item.code, item.params, get_language() or "")) for item in page]
        context = {"page_obj": page, "lines": lines, "unread": items.unread().exists()}
        return render(request, "notify/inbox.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark all as read."""
        read_all(person=person_of(request), now=timezone.now())
        return redirect("notify:inbox")


class OpenView(LoginRequiredMixin, View):
    """A line that is opened is read."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it as read and go where it points."""
        item = open_item(pk=pk, person=person_of(request), now=timezone.now())
        inside = url_has_allowed_host_and_scheme(item.url, allowed_hosts=None)
        return redirect(item.url if item.url and inside else "notify:inbox")


class UnreadView(LoginRequiredMixin, View):
    """How many are unread, for the bell of a page that stays open."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the number."""
        return render(request, "components/unread.html", {"count": unread_count(person_of(request))})
