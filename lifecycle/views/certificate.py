"""Whether a certificate of destruction is valid: for whoever is signed in and holds the paper."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from lifecycle.selectors.destruction import verify


class CertificateView(LoginRequiredMixin, View):
    """Say yes or no; of people and numbers it says nothing."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show whether the token is ours and the destruction stands."""
        return render(request, "lifecycle/certificate.html", {"found": verify(token)})
