"""What every signed-in person's request passes: language, an end to stale sessions, what must be done first.

A form whose session has ended goes to the sign-in without losing what was typed (`cardfleet.accounts.kept`).
"""

from collections.abc import Callable
from typing import cast
from urllib.parse import parse_qs, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.csrf import csrf_failure
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from cardfleet.accounts.deeds import note_deed
from cardfleet.accounts.errors import PasswordChangeDue, SecondFactorDue
from cardfleet.accounts.kept import keep, page_of, remember
from cardfleet.accounts.marks import SEEN_AT, vouched
from cardfleet.accounts.models import User
from cardfleet.accounts.selectors import has_second_factor, needs_second_factor
from cardfleet.accounts.services.sessions import SEEN_EVERY, note_seen
from cardfleet.kernel.api.middleware import API
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.outages import DatabaseFull, outage_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ALWAYS_OPEN = frozenset({"account_logout", "account_login", "set_language"})
TO_CHANGE_PASSWORD = ALWAYS_OPEN | {"account_change_password"}
TO_ADD_FACTOR = TO_CHANGE_PASSWORD | {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "company_sign_in_again",
    "company_sign_in_callback",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


class PersonMiddleware:
    """Give the person their language, and hold them to a changed password and a second factor first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        end_stale_session(request)
        note_session(request)
        speak_to(request)
        response = to_sign_in(request, due_first(request) or self.get_response(request))
        if request.method not in SAFE:
            note_deed(request.user)
        if not request.path.startswith(API):
            remember(request, response)
        return response


def end_stale_session(request: HttpRequest) -> None:
    """Forget a session whose person no longer may sign in, so that it does not wake up with them."""
    if not request.user.is_authenticated and SESSION_KEY in request.session:
        request.session.flush()


def note_session(request: HttpRequest) -> None:
    """Write down now and then that a session is in use; it says itself when that was done last.

    A database without room takes no note, which is no reason to refuse a page that can be looked at.
    """
    last, now = request.session.get(SEEN_AT), timezone.now()
    if last is None or now.timestamp() - last < SEEN_EVERY.total_seconds():
        return
    try:
        note_seen(session_key=request.session.session_key or "", address=get_adapter().get_client_ip(request), now=now)
    except OperationalError as error:
        if not isinstance(outage_of(error), DatabaseFull):
            raise
    else:
        request.session[SEEN_AT] = now.timestamp()


def speak_to(request: HttpRequest) -> None:
    """Activate the person's language, else the one chosen in this browser, else the default.

    A browser's own language decides nothing on a page (the company speaks Chinese), but does in the API.
    """
    if request.path.startswith(API):
        return
    chosen = getattr(request.user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(language)
    request.LANGUAGE_CODE = language


def due_first(request: HttpRequest) -> HttpResponse | None:
    """Return the way to what the person must do before anything else, or None."""
    person = request.user
    if not isinstance(person, User) or request.path.startswith(settings.STATIC_URL):
        return None
    if person.must_change_password:
        return _only(request, TO_CHANGE_PASSWORD, "account_change_password", PasswordChangeDue())
    if needs_second_factor(person) and not has_second_factor(person) and not vouched(request.session):
        return _only(request, TO_ADD_FACTOR, "mfa_activate_totp", SecondFactorDue())
    return None


def _only(request: HttpRequest, allowed: frozenset[str], target: str, refusal: Refusal) -> HttpResponse | None:
    if request.path.startswith(API):
        return JsonResponse(refusal.as_json(), status=refusal.status)
    if _url_name(request) in allowed:
        return None
    return go(request, resolve_url(target))


def _url_name(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return None


def to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Send who met an expired session to the sign-in, htmx's parts as a whole page, and from there back to the page.

    A form's own address may know no GET, so the way back leads to the page it was on, with what was typed.
    """
    if not asks_to_sign_in(response) or (request.method == "GET" and not htmx_of(request)):
        return response
    keep(request)
    return go(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: page_of(request) or '/'})}")


def asks_to_sign_in(response: HttpResponse) -> bool:
    """Tell whether a page was refused for want of a session; a sign-out leads to the sign-in too, but to no page."""
    if response.status_code != 302:
        return False
    target = urlsplit(response["Location"])
    return target.path == resolve_url(settings.LOGIN_URL) and REDIRECT_FIELD_NAME in parse_qs(target.query)


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is of an earlier session: back to its page, with what was typed and a new token.

    A form of another site, or of nobody who was signed in here, is refused as before.
    """
    if not keep(request):
        return csrf_failure(request, reason=reason)
    return go(request, page_of(request))


def go(request: HttpRequest, target: str) -> HttpResponse:
    """Send the browser to an address, whole also where htmx asked for a part."""
    return HttpResponseClientRedirect(target) if htmx_of(request) else redirect(target)


def htmx_of(request: HttpRequest) -> HtmxDetails:
    """Return what htmx said of the request; false where it was not htmx."""
    return cast("HtmxDetails", request.htmx)  # type: ignore[attr-defined]
