"""A list's page: what its address asks for, its tabs, and a page of rows."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.lists.asking import Asked, read
from cardfleet.lists.registry import Listing, Reader
from cardfleet.lists.selectors.views import ALL, Tab, current, given_tabs, is_as_saved, opening, saved_tabs, views_of


class ListPage(PermissionRequiredMixin, View):
    """One page of a list. A subclass names its listing and template and shows the rows."""

    listing: ClassVar[Listing]
    template_name: ClassVar[str]

    def get_permission_required(self) -> tuple[str, ...]:
        """Return the right to open the list."""
        return (self.listing.permission,)

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return what the template shows of the rows; `page_obj` among it."""
        raise NotImplementedError

    def tabs(self, asked: Asked, _reader: Reader) -> Iterable[Tab]:
        """Return the tabs that everybody has."""
        return given_tabs(asked)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list; where the address asks nothing, as the view does that opens by itself."""
        person = person_of(request)
        reader = Reader(person=person, now=timezone.now())
        views, base = views_of(self.listing, person), reverse(self.listing.url_name)
        if not request.GET and (first := opening(views)):
            return redirect(f"{base}{first.address}")
        asked = read(self.listing, request.GET, person)
        view = current(views, asked)
        context = {
            "asked": asked,
            "columns": asked.columns,
            "chips": list(asked.chips()),
            "tabs": [*self.tabs(asked, reader), *saved_tabs(asked, views)],
            "view": view,
            "view_changed": view is not None and not is_as_saved(view, asked),
            "may_export": person.has_perm(self.listing.export_permission),
            "everything": f"{base}?view={ALL}",
            **self.shown(asked, reader),
        }
        return render(request, self.template_name, context, status=400 if asked.faults else 200)
