"""Who asks: the signed-in person behind a request of a page or of the API."""

from typing import Any, Protocol, cast

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
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


def refuse_stale_session(request: Request) -> None:
    """Refuse a browser whose sign-in is not fresh what asks for one on pages too; a token was given for it.

    A job's row is refused whoever asked for it: nobody is there to sign in.
    """
    by_session = isinstance(request.successful_authenticator, SessionAuthentication)
    if row_of(request) or (by_session and not did_recently_reauthenticate(cast("HttpRequest", request))):
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
