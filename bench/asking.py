"""Asking over HTTP, by way of Django's WSGI handler: as a server would, without a network between."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.utils import timezone

from cardfleet.accounts.models import User
from cardfleet.accounts.services.access import issue_token


class Asked:
    """A site that answers: `ask` returns the body of a 200 and refuses any other status."""

    def __init__(self, handler: WSGIHandler, **headers: str) -> None:
        self.handler = handler
        self.factory = RequestFactory(HTTP_HOST="127.0.0.1", **headers)

    def ask(self, path: str) -> bytes:
        """Return the whole answer to a GET."""
        return b"".join(self.stream(self.factory.get(path).environ))

    def post(self, path: str, body: str) -> bytes:
        """Return the whole answer to a POST of JSON."""
        return b"".join(self.stream(self.factory.post(path, body, content_type="application/json").environ))

    def stream(self, environ: dict[str, Any]) -> Any:
        """Return the pieces of the answer as they come."""
        told: list[str] = []
        answer = self.handler(environ, lambda status, _headers, *_: told.append(status))
        if not told[0].startswith("20"):
            raise AssertionError(f"{environ['PATH_INFO']}: {told[0]} {b''.join(answer)[:900].decode(errors='replace')}")
        return _closing(answer)


def _closing(answer: Any) -> Any:
    try:
        yield from answer
    finally:
        answer.close()


def by_token(user: User) -> Asked:
    """Return the product as a program sees it."""
    token, _expiry = issue_token(person=user, now=timezone.now())
    return Asked(WSGIHandler(), HTTP_AUTHORIZATION=f"Token {token}")


def by_session(user: User) -> Asked:
    """Return the product as a browser sees it."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = SimpleCookie({settings.SESSION_COOKIE_NAME: client.session.session_key})
    return Asked(WSGIHandler(), HTTP_COOKIE=cookie.output(header="").strip())


def floor(user: User) -> Asked:
    """Return the bare views of `bench.floors`, without any middleware of the product."""
    token, _expiry = issue_token(person=user, now=timezone.now())
    with override_settings(MIDDLEWARE=["bench.asking.to_floors"]):
        return Asked(WSGIHandler(), HTTP_AUTHORIZATION=f"Token {token}")


def to_floors(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Resolve addresses by the floors' own list."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = "bench.floors"
        return get_response(request)

    return answer
