"""People: who has access, and its end."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from cardfleet.accounts.access import freshly_signed_in, person_of
from cardfleet.accounts.filters import PersonFilter
from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import deactivate, reactivate
from cardfleet.accounts.services.passwords import reset_password
from cardfleet.journal.recording import subject_of
from cardfleet.journal.selectors import timeline
from cardfleet.kernel.errors import NotVisible

PAGE = 50
TIMELINE = 20


class PeopleView(PermissionRequiredMixin, View):
    """A page about the people in scope."""

    permission_required = "accounts.view_user"

    def people(self) -> QuerySet[User]:
        """Return the people the person may see."""
        people: QuerySet[User] = User.objects.visible_to(person_of(self.request))
        return people.select_related("team").prefetch_related("groups")

    def person(self, pk: int) -> User:
        """Return one of them; NotVisible for another."""
        person: User | None = self.people().filter(pk=pk).first()
        if person is None:
            raise NotVisible
        return person


class ListView(PeopleView):
    """The people in scope."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of them."""
        filters = PersonFilter(request.GET, self.people(), request=request)
        people = filters.qs if filters.is_valid() else User.objects.none()
        page = Paginator(people.order_by("-is_active", "name", "pk"), PAGE).get_page(request.GET.get("page"))
        return render(request, "accounts/people.html", {"filters": filters, "page_obj": page})


class PersonView(PeopleView):
    """One person."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what is known and what was done."""
        person = self.person(pk)
        scopes = person.scope_grants.select_related("team")
        context = {"person": person, "scopes": scopes, "told": timeline(subject_of(person), limit=TIMELINE)}
        return render(request, "accounts/person.html", context)


class ResetView(PeopleView):
    """A one-time password for somebody who cannot sign in: most have no company mail."""

    permission_required = "accounts.reset_password"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give it, and show it this once."""
        person = self.person(pk)
        password = reset_password(person=person, actor=person_of(request), now=timezone.now())
        return shown_once(request, person, password)


class DeactivateView(PeopleView):
    """The end of a leaver's access."""

    permission_required = "accounts.deactivate_user"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it at once."""
        person, reason = self.person(pk), request.POST.get("reason", "").strip()
        deactivate(person=person, reason=reason, actor=person_of(request), now=timezone.now())
        messages.success(request, _("Access ended: sign-in, open pages and API tokens."))
        return redirect("accounts:person", pk=pk)


class ReactivateView(PeopleView):
    """The return of somebody's access."""

    permission_required = "accounts.deactivate_user"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Restore it with a one-time password, shown this once."""
        return self.restore(request, self.person(pk))

    @method_decorator(freshly_signed_in)
    def restore(self, request: HttpRequest, person: User) -> HttpResponse:
        """Restore it for somebody who has just signed in."""
        reason = request.POST.get("reason", "").strip()
        person, password = reactivate(person=person, reason=reason, actor=person_of(request), now=timezone.now())
        return shown_once(request, person, password)


def shown_once(request: HttpRequest, person: User, password: str, *, status: int = 200) -> HttpResponse:
    """Show a one-time password on a page that no cache and no history keeps."""
    shown = {"person": person, "password": password, "is_new": status == HTTPStatus.CREATED}
    response = render(request, "accounts/one_time_password.html", shown, status=status)
    response["Cache-Control"] = "no-store"
    return response
