"""Who asks: the signed-in person behind a request of a page or of the API."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from cardfleet.accounts.errors import FreshSignInNeeded
from cardfleet.accounts.models import TokenTerms, User
from cardfleet.kernel.api.rows import row_of
from cardfleet.kernel.errors import TokenTooNarrow


class Asked(Protocol):
    """A request that has a user, Django's or DRF's."""

    @property
    def user(self) -> object: ...


def person_of(request: Asked) -> User:
    """Return the signed-in person; PermissionDenied when nobody is, which a guarded view never lets happen."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def acting(request: Asked) -> dict[str, Any]:
    """Return what every service is told of a deed: `actor`, who asks, and `now`."""
    return {"actor": person_of(request), "now": timezone.now()}


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether the person has just proven anew who they are, by whatever way they signed in.

    allauth's own answer is yes for whoever has neither a password nor a one-time code here.
    """
    proofs = [
        proof for proof in get_authentication_records(request, person_of(request)) if proof.get("reauthenticated")
    ]
    return bool(proofs) and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def freshly_signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Have a page ask for a fresh sign-in first; what was posted to it waits in the session, so never a secret."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asked


def to_fresh_sign_in(request: HttpRequest, back: str) -> HttpResponse:
    """Lead to where the person proves anew who they are, and from there back to a page."""
    ways = get_adapter().get_reauthentication_methods(person_of(request))
    return redirect(f"{ways[0]['url']}?{urlencode({'next': back})}" if ways else back)


def refuse_stale_session(request: Request) -> None:
    """Refuse a browser whose sign-in is not fresh what asks for one on pages too; a token was given for it.

    A job's row is refused whoever asked for it: nobody is there to sign in.
    """
    by_session = isinstance(request.successful_authenticator, SessionAuthentication)
    if row_of(request) or (by_session and not is_fresh(cast("HttpRequest", request))):
        raise FreshSignInNeeded


def own_terms(request: Request) -> TokenTerms | None:
    """Return the terms of the token that asks; none in a browser."""
    terms: TokenTerms | None = getattr(request.auth, "terms", None)
    return terms


def refuse_narrow_token(request: Request) -> None:
    """Refuse a token that is for some areas only: who is let in by it could do more than it may. TokenTooNarrow."""
    terms = own_terms(request)
    if terms and terms.areas:
        raise TokenTooNarrow
