"""What somebody typed into a form whose session had ended meanwhile: it comes back with them after the sign-in.

It waits sealed on the server, in the session that the sign-in goes on with: never in the browser, never in an address.
Secrets and files are not kept. A cookie, a keyed hash, says who was signed in here last; only they get it back.
"""

import json
import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from cardfleet.accounts.models import User
from cardfleet.kernel.crypto import decrypt, encrypt, fingerprint

COOKIE = f"{settings.HOST_ONLY}last_person"
KEPT = "kept_input"
MOST = 64 * 1024
SECONDS = 30 * 60
SECRET = re.compile(
    r"password|secret|token|signature|(^|[_-])(pin|puk|otp|code|key|id_number)\d*($|[_-])", re.IGNORECASE
)


def mark_of(person: User) -> str:
    """Return what the cookie says of a person."""
    return fingerprint(f"last person {person.pk}")


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Leave the mark of who is signed in here."""
    person = request.user
    if not isinstance(person, User) or request.COOKIES.get(COOKIE) == mark_of(person):
        return
    response.set_cookie(
        COOKIE,
        mark_of(person),
        max_age=2 * settings.SESSION_COOKIE_AGE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def page_of(request: HttpRequest) -> str:
    """Return path and query of the page of ours that sent the form; empty when another site or nobody says so."""
    sender = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sender, {request.get_host()}):
        return ""
    parts = urlsplit(sender)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def keep(request: HttpRequest) -> bool:
    """Keep what was posted from one of our pages, for whoever was signed in here last; tell whether it was kept."""
    mark, page, fields = request.COOKIES.get(COOKIE), page_of(request), typed(request.POST)
    if not (mark and page and fields):
        return False
    kept = json.dumps({"mark": mark, "page": page, "path": request.path, "fields": fields, "at": time.time()})
    if len(kept) > MOST:
        return False
    request.session[KEPT] = encrypt(kept)
    return True


def typed(posted: QueryDict) -> dict[str, list[str]]:
    """Return the fields of a form that may be kept: all but secrets."""
    return {name: list(values) for name, values in posted.lists() if not SECRET.search(name)}


def given_back(request: HttpRequest) -> dict[str, object]:
    """Give templates `kept`: once, on the page it came from, what the person typed there; else nothing."""
    return {"kept": _taker(request)}


def _taker(request: HttpRequest) -> Callable[[], dict[str, object] | None]:
    def take() -> dict[str, object] | None:
        sealed = request.session.get(KEPT) if hasattr(request, "session") else None
        if sealed is None or not isinstance(request.user, User):
            return None
        try:
            kept = json.loads(decrypt(sealed))
        except InvalidToken:  # kept under a key that has left FIELD_KEYS
            del request.session[KEPT]
            return None
        late = time.time() - kept["at"] > SECONDS
        if late or kept["mark"] != mark_of(request.user):
            del request.session[KEPT]
            return None
        if kept["page"] != request.get_full_path():
            return None
        del request.session[KEPT]
        return {"path": kept["path"], "fields": kept["fields"]}

    return take
