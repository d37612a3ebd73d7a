"""Saved views: keep, change, delete, open by themselves; and the page of all of them."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotAllowed, NotVisible, Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.lists.forms import ViewForm
from cardfleet.lists.models import SavedView
from cardfleet.lists.registry import label, listing
from cardfleet.lists.selectors.reports import reports_of
from cardfleet.lists.selectors.views import managed_views, may_change, views_to_change
from cardfleet.lists.services.views import change_view, delete_view, open_with, save_view


class ViewsPage(PermissionRequiredMixin, View):
    """A page of views and reports."""

    permission_required = "lists.add_savedview"

    @property
    def person(self) -> User:
        """Who asks."""
        return person_of(self.request)


def url_of(view: SavedView) -> str:
    """Return the address of a view."""
    return f"{reverse(listing(view.listing).url_name)}{view.address}"


class IndexView(ViewsPage):
    """The views a person may use, and their reports."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them by list."""
        views = [
            {
                "view": view,
                "list": label(view.listing),
                "url": url_of(view),
                "may_change": may_change(view, self.person),
            }
            for view in managed_views(self.person)
        ]
        reports = [{"report": report, "list": label(report.listing)} for report in reports_of(self.person)]
        return render(request, "lists/index.html", {"views": views, "reports": reports})


class SaveView(ViewsPage):
    """Keep an address as a view."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Keep it and lead there. What does not fit is said on a page that keeps what was entered."""
        found = listing(code)
        if not self.person.has_perm(found.permission):
            raise NotAllowed
        form, query = ViewForm(request.POST, person=self.person), QueryDict(request.POST.get("query", ""))
        context = {"form": form, "listing": found, "query": query.urlencode()}
        if not form.is_valid():
            return render(request, "lists/save.html", context, status=422)
        try:
            view = save_view(
                listing=found,
                name=form.cleaned_data["name"],
                query=query,
                sharing=form.sharing,
                actor=self.person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return render(request, "lists/save.html", context, status=422)
        if form.cleaned_data["opens"]:
            open_with(view_id=view.pk, on=True, actor=self.person, now=timezone.now())
        messages.success(request, _("The view “{name}” is kept.").format(name=view.name))
        return redirect(url_of(view))


class ChangeView(ViewsPage):
    """Change what a view asks (from its list), or its name and sharing (on its page)."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show name and sharing."""
        view = self.view(pk)
        initial = {"name": view.name, "team": view.shared_team, "role": view.shared_role}
        return self.page(view, ViewForm(person=self.person, initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it and lead to it."""
        view, now = self.view(pk), timezone.now()
        if "query" in request.POST:
            view = change_view(view_id=pk, query=QueryDict(request.POST["query"]), actor=self.person, now=now)
            return self.done(view)
        form = ViewForm(request.POST, person=self.person)
        if not form.is_valid():
            return self.page(view, form, status=422)
        name = form.cleaned_data["name"]
        try:
            view = change_view(view_id=pk, name=name, sharing=form.sharing, actor=self.person, now=now)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(view, form, status=422)
        return self.done(view)

    def view(self, pk: int) -> SavedView:
        """Return a view the person may change. NotVisible."""
        view = views_to_change(self.person).filter(pk=pk).first()
        if view is None:
            raise NotVisible
        return view

    def page(self, view: SavedView, form: ViewForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        del form.fields["opens"]
        return render(self.request, "lists/change.html", {"view": view, "form": form}, status=status)

    def done(self, view: SavedView) -> HttpResponse:
        """Lead to the view."""
        messages.success(self.request, _("The view “{name}” is kept.").format(name=view.name))
        return redirect(url_of(view))


class DeleteView(ViewsPage):
    """Delete a view."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it, and say how many reports end with it."""
        ended = delete_view(view_id=pk, actor=self.person, now=timezone.now())
        messages.success(request, _("The view is deleted."))
        if ended:
            text = ngettext(
                "%(count)s report made from it was stopped.", "%(count)s reports made from it were stopped.", ended
            )
            messages.warning(request, text % {"count": ended})
        return redirect("lists:index")


class OpeningView(ViewsPage):
    """Let a list open with a view, for oneself or for the role it is shared with; or no more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose it."""
        role = request.POST.get("role", "")
        open_with(view_id=pk, on=request.POST.get("on") == "1", role=role, actor=self.person, now=timezone.now())
        return redirect("lists:index")
