"""Inviting people of the office: made with role, team and a one-time password. Agents are entered on their own page."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from cardfleet.accounts.access import freshly_signed_in, person_of
from cardfleet.accounts.forms import InviteForm
from cardfleet.accounts.services.people import create_person
from cardfleet.accounts.views.people import shown_once
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal


class InviteView(PermissionRequiredMixin, View):
    """Invite one person; the password is shown once, on the answer."""

    permission_required = "accounts.add_user"

    @method_decorator(freshly_signed_in)
    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask somebody who has just signed in whom."""
        return self.page(InviteForm(person=person_of(request)))

    @method_decorator(freshly_signed_in)
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the person and show the password."""
        form = InviteForm(request.POST, person=person_of(request))
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            person, password = create_person(**form.facts(), actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        return shown_once(request, person, password, status=201)

    def page(self, form: InviteForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        return render(self.request, "accounts/invite.html", {"form": form}, status=status)
