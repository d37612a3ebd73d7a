"""Signing in by the company's own sign-in: there, and back."""

import secrets
from typing import Any

import structlog
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from cardfleet.accounts.errors import CompanySignInRefused
from cardfleet.accounts.provider import ID, CompanyAdapter

log = structlog.get_logger("cardfleet.accounts")


class CompanyView(View):
    """A page on the way; 404 where no sign-in of the company's is configured, a page of its own for a refusal."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the request."""
        if settings.COMPANY_SIGN_IN is None:
            raise Http404
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        except CompanySignInRefused as refusal:
            log.info("refused", code=refusal.code, path=request.path)
            context = {"refusal": refusal, "company": settings.COMPANY_SIGN_IN.name}
            return render(request, "accounts/company_refused.html", context, status=refusal.status)
        return response


class SignInView(CompanyView):
    """The way there, with what proves afterwards that it was begun here: state, nonce and PKCE."""

    asked_for: dict[str, str] = {}
    fresh = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send the browser there."""
        nonce = secrets.token_urlsafe(32)
        response: HttpResponse = (
            get_adapter()
            .get_provider(request, ID)
            .redirect(
                request,
                process=AuthProcess.LOGIN,
                next_url=get_next_redirect_url(request),
                data={"nonce": nonce, "fresh": self.fresh},
                auth_params={"nonce": nonce, **self.asked_for},
            )
        )
        return response


class AgainView(SignInView):
    """The same for somebody who is signed in and has to prove anew who they are."""

    asked_for = {"prompt": "login", "max_age": "0"}
    fresh = True


class CallbackView(CompanyView):
    """The way back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Sign the person in, or say why not."""
        response: HttpResponse = Callback.adapter_view(CompanyAdapter(request))(request)
        return response


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """allauth's way back, which hands the nonce of the sign-in to whoever proves the answer."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state["data"]["nonce"]
        return state, response
