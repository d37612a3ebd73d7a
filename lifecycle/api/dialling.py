"""The short way to `can-call`: what a dialler asks before each call passes nothing that only browsers need.

Sessions, forms, policies of pages and the API's negotiation take longer than the answer. What is asked plainly, with a
token, and answered with yes or no goes this way; all else, and every refusal, goes the ordinary one, which says the
same in full (`tests/lifecycle/test_dialling.py` holds the two together).
"""

import re
from collections.abc import Callable

import orjson
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone, translation
from rest_framework.exceptions import AuthenticationFailed

from cardfleet.accounts.callers import caller_of, forget
from cardfleet.kernel.errors import NotVisible, Refusal
from cards.choices import Purpose
from lifecycle.api.card_forms import AllowanceSerializer
from lifecycle.api.cards import CardViewSet
from lifecycle.rules.allowance import Allowance
from lifecycle.selectors.dialling import may_call

PATH = re.compile(r"/api/v1/cards/([0-9]{1,18})/can-call/")
TOKEN = re.compile(r"Token ([0-9a-f]{32,128})")
PLAIN = frozenset({"callee", "purpose"})
ANY_TYPE = frozenset({"", "*/*", "application/json"})
AS_JSON = AllowanceSerializer()


class CanCallMiddleware:
    """Answers `GET /api/v1/cards/{id}/can-call/` before the middleware of pages; stands behind that of security."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        asked = PATH.fullmatch(request.path_info)
        return (_answer(request, int(asked[1])) if asked else None) or self.get_response(request)


def _answer(request: HttpRequest, card_id: int) -> HttpResponse | None:
    token = TOKEN.fullmatch(request.headers.get("Authorization", ""))
    if not token or not _is_plain(request):
        return None
    request.get_host()
    language = translation.get_language_from_request(request)
    with translation.override(language):
        may = _told(token[1], card_id, request.GET)
        answer = orjson.dumps(AS_JSON.to_representation(may)) if may else b""
    if not answer:
        return None
    headers = {"Content-Language": language, "Vary": "Accept-Language, Cookie", "Content-Length": str(len(answer))}
    return HttpResponse(answer, content_type="application/json", headers=headers)


def _told(token: str, card_id: int, given: QueryDict) -> Allowance | None:
    """Return the answer, nothing where the ordinary way is to say why there is none."""
    # Whether the connection still stands is seen by asking it: the ordinary way makes a new one.
    connection.health_check_done = True  # type: ignore[attr-defined]
    now = timezone.now()
    try:
        caller = caller_of(token, now=now)
        if not caller.person.has_perm(CardViewSet.right):
            return None
        try:
            return may_call(card_id, person=caller.person, now=now, proof=caller.proof, **_given(given))
        except NotVisible:
            forget(caller)
            return None
    except (AuthenticationFailed, Refusal):
        return None
    except (InterfaceError, OperationalError):
        connection.close()
        return None


def _is_plain(request: HttpRequest) -> bool:
    given = request.GET
    return (
        request.method == "GET"
        and request.headers.get("Accept", "") in ANY_TYPE
        and given.keys() <= PLAIN
        and all(len(given.getlist(name)) == 1 and "\0" not in given[name] for name in given)
        and given.get("purpose", Purpose.SALES) in Purpose.values
    )


def _given(asked: QueryDict) -> dict[str, str]:
    return {str(name): str(asked[name]) for name in asked}
