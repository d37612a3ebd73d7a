"""Where somebody is signed in: their own sessions, and an end to them."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.accounts.selectors import open_sessions
from cardfleet.accounts.services.sessions import end_other_sessions, end_session, sign_out_everywhere
from cardfleet.accounts.views.people import PeopleView


class MineView(LoginRequiredMixin, View):
    """The person's own sessions."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        person, key = person_of(request), request.session.session_key
        return render(request, "accounts/sessions.html", {"rows": open_sessions(person, key=key, now=timezone.now())})


class EndView(LoginRequiredMixin, View):
    """The end of one of them."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End it at once."""
        end_session(session_id=pk, person=person_of(request), now=timezone.now())
        messages.success(request, _("The session has ended."))
        return redirect("accounts:my-sessions")


class EndOthersView(LoginRequiredMixin, View):
    """The end of all but the one that asks."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """End them at once."""
        kept = request.session.session_key or ""
        ended = end_other_sessions(person=person_of(request), kept=kept, now=timezone.now())
        sentence = ngettext("{count} session has ended.", "{count} sessions have ended.", ended)
        messages.success(request, sentence.format(count=ended))
        return redirect("accounts:my-sessions")


class SignOutView(PeopleView):
    """The end of somebody's sessions and tokens: a lost phone, a computer left open."""

    permission_required = "accounts.deactivate_user"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End them at once."""
        sign_out_everywhere(person=self.person(pk), actor=person_of(request), now=timezone.now())
        messages.success(request, _("Signed out everywhere: open pages and API tokens have ended."))
        return redirect("accounts:person", pk=pk)
