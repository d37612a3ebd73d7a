"""The menus of a list, fetched when they are opened: filters, columns and page size, views."""

from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotAllowed
from cardfleet.lists.asking import Asker, read
from cardfleet.lists.forms import ViewForm
from cardfleet.lists.registry import Listing, listing
from cardfleet.lists.selectors.views import current, is_as_saved, may_change, views_of


class Menu(LoginRequiredMixin, View):
    """A part of a list's page, for those who may open the list."""

    @property
    def person(self) -> User:
        """Who asks."""
        return person_of(self.request)

    def listing(self, code: str) -> Listing:
        """Return the list. NotVisible, NotAllowed."""
        found = listing(code)
        if not self.person.has_perm(found.permission):
            raise NotAllowed
        return found


class FiltersMenu(Menu):
    """The fields of the filters: to list carriers, plans and teams costs as much as the page."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show them with what the address says."""
        found = self.listing(code)
        filters = found.filters(request.GET, queryset=found.scope(self.person), request=Asker(self.person))
        return render(request, "lists/filters_menu.html", {"fields": [filters.form[name] for name in found.in_menu]})


class ColumnsMenu(Menu):
    """Which columns, and how many rows a page."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show those there are, ticked as they are shown."""
        found = self.listing(code)
        asked = read(found, request.GET, self.person)
        kept = [
            (name, value)
            for name in request.GET
            if name not in {"columns", "size", "page"}
            for value in request.GET.getlist(name)
        ]
        context = {"asked": asked, "always": found.columns[0], "others": found.columns[1:], "kept": kept}
        return render(request, "lists/columns_menu.html", {**context, "action": reverse(found.url_name)})


class ViewsMenu(PermissionRequiredMixin, Menu):
    """Keep what is looked at as a view, or the changes in the view one has."""

    permission_required = "lists.add_savedview"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask for its name."""
        found = self.listing(code)
        asked = read(found, request.GET, self.person)
        view = current(views_of(found, self.person), asked)
        context = {
            "listing": found,
            "asked": asked,
            "form": ViewForm(person=self.person),
            "view": view,
            "may_change": view is not None and may_change(view, self.person) and not is_as_saved(view, asked),
        }
        return render(request, "lists/views_menu.html", context)
