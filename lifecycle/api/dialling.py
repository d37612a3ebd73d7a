"""The short way to `can-call`: what a dialler asks before each call passes nothing that only others need.

Signals, sessions, forms, policies of pages and the API's negotiation take longer than the answer. What is asked
plainly, with a token, and answered with yes or no goes this way; all else, and every refusal, goes the ordinary one,
which says the same in full (`tests/lifecycle/test_dialling.py` holds the two together).
"""

import re
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import orjson
import structlog
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.utils import timezone, translation
from django_prometheus.middleware import Metrics
from rest_framework.exceptions import AuthenticationFailed

from cardfleet.accounts.callers import caller_of, forget
from cardfleet.kernel.browsers import HeadersMiddleware, PolicyMiddleware
from cardfleet.kernel.errors import NotVisible, Refusal
from cardfleet.kernel.middleware import identified, tell
from cards.choices import Purpose
from lifecycle.api.card_forms import AllowanceSerializer
from lifecycle.api.cards import CardViewSet
from lifecycle.rules.allowance import Allowance
from lifecycle.selectors.dialling import may_call

log = structlog.get_logger("cardfleet.request")

PATH = re.compile(r"/api/v1/cards/([0-9]{1,18})/can-call/")
TOKEN = re.compile(r"Token ([0-9a-f]{32,128})")
PURPOSES = frozenset(Purpose.values)
PLAIN = frozenset({"callee", "purpose"})
ANY_TYPE = frozenset({"", "*/*", "application/json"})
AS_JSON = AllowanceSerializer()


class Answer(NamedTuple):
    """An answer of 200 and the language it is in."""

    body: bytes
    language: str


class CanCall:
    """Answers `GET /api/v1/cards/{id}/can-call/` ahead of Django, with what its security and its metrics ask for."""

    def __init__(self, ordinary: WSGIApplication) -> None:
        self.ordinary = ordinary
        self.security, self.policy = SecurityMiddleware(_empty), PolicyMiddleware(_empty)
        self.browsers = HeadersMiddleware(self._bare)
        self.metrics = Metrics.get_instance()
        self._secured: dict[bool, list[tuple[str, str]]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request."""
        asked = PATH.fullmatch(environ.get("PATH_INFO", ""))
        token = asked and TOKEN.fullmatch(environ.get("HTTP_AUTHORIZATION", ""))
        if asked and token:
            begin, request = time.perf_counter(), WSGIRequest(environ)
            with identified(request) as request_id:
                answer = self._answer(request, token[1], int(asked[1]))
                if answer:
                    start_response("200 OK", [*self._heads(request, answer), ("X-Request-ID", request_id)])
                    tell(request, 200, begin)
                    self._count(begin)
                    return [answer.body]
        return self.ordinary(environ, start_response)

    def _answer(self, request: WSGIRequest, token: str, card_id: int) -> Answer | None:
        try:
            if self.security.process_request(request):
                return None
            request.get_host()
            given = _plainly_asked(request)
            return None if given is None else _answer(request, token, card_id, given)
        except SuspiciousOperation:
            return None

    def _bare(self, request: HttpRequest) -> HttpResponseBase:
        """Return an answer of nothing but what the ordinary way's middleware adds to one."""
        answer = _empty(request)
        self.policy.process_response(request, answer)
        return self.security.process_response(request, answer)

    def _heads(self, request: WSGIRequest, answer: Answer) -> list[tuple[str, str]]:
        is_secure = request.is_secure()
        if is_secure not in self._secured:
            self._secured[is_secure] = list(self.browsers(request).items())
        return [
            *self._secured[is_secure],
            ("Content-Language", answer.language),
            ("Content-Length", str(len(answer.body))),
            ("Vary", "Accept, Accept-Language, Cookie"),
        ]

    def _count(self, begin: float) -> None:
        self.metrics.requests_total.inc()
        self.metrics.responses_total.inc()
        self.metrics.requests_latency_before.observe(time.perf_counter() - begin)


def _empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(content_type="application/json")


def _plainly_asked(request: WSGIRequest) -> Mapping[str, str] | None:
    """Return callee and purpose of a question the ordinary way would not object to, nothing for any other."""
    if request.method != "GET" or request.META.get("HTTP_ACCEPT", "") not in ANY_TYPE:
        return None
    given = {name: values[0] for name, values in request.GET.lists() if len(values) == 1 and "\0" not in values[0]}
    plain = len(given) == len(request.GET) and given.keys() <= PLAIN
    return given if plain and given.get("purpose", Purpose.SALES) in PURPOSES else None


def _answer(request: WSGIRequest, token: str, card_id: int, given: Mapping[str, str]) -> Answer | None:
    language = translation.get_language_from_request(request)
    with translation.override(language):
        may = _told(request, token, card_id, given)
        return Answer(orjson.dumps(AS_JSON.to_representation(may)), language) if may else None


def _told(request: WSGIRequest, token: str, card_id: int, given: Mapping[str, str]) -> Allowance | None:
    """Return the answer, nothing where the ordinary way is to say why there is none."""
    # Whether the connection still stands is seen by asking it, however old it is: the ordinary way makes a new one.
    connection.health_check_done = True  # type: ignore[attr-defined]
    now = timezone.now()
    try:
        caller = caller_of(token, request, now=now)
        if not caller.person.has_perm(CardViewSet.right):
            return None
        try:
            return may_call(card_id, person=caller.person, now=now, proof=caller.proof, **given)
        except NotVisible:
            forget(caller)
            return None
    except (AuthenticationFailed, Refusal):
        return None
    except (InterfaceError, OperationalError):
        connection.close()
        return None
    except Exception:  # the ordinary way meets it too, and answers for it
        log.exception("the short way failed")
        return None
