"""What a person sets for themselves."""

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View
from django.views.i18n import set_language

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import has_second_factor
from cardfleet.accounts.services.people import choose_language


class ProfileView(LoginRequiredMixin, View):
    """One's own facts, language and sign-in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return render(request, "accounts/profile.html", {"second_factor": has_second_factor(person_of(request))})


class LanguageView(View):
    """A language chosen on any page: kept in this browser, and with the person who is signed in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it and return to the page."""
        language = request.POST.get("language", "")
        if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
            choose_language(person=request.user, language=language, now=timezone.now())
        return set_language(request)
