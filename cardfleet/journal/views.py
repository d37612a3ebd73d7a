"""The journal as a page."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from cardfleet.journal.filters import EntryFilter
from cardfleet.journal.models import Entry, Seal
from cardfleet.journal.selectors import told

PAGE = 50


class ListView(PermissionRequiredMixin, View):
    """What was done, by whom and why, newest first; paged by id, because the journal only ever grows."""

    permission_required = "journal.view_journal"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it."""
        filters = EntryFilter(request.GET, Entry.objects.select_related("actor"), request=request)
        entries = filters.qs if filters.is_valid() else Entry.objects.none()
        cursor = request.GET.get("cursor", "")
        if cursor.isascii() and cursor.isdigit():
            entries = entries.filter(pk__lt=int(cursor[:18]))
        page = list(entries.order_by("-id")[: PAGE + 1])
        older = page[PAGE - 1].pk if len(page) > PAGE else ""
        context = {"filters": filters, "told": told(page[:PAGE]), "next": older, "head": Seal.objects.head()}
        return render(request, "journal/list.html", context)
