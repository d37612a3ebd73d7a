"""What every request passes: an id that logs and journal carry, and the presentation of refusals."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from cardfleet.kernel.errors import Refusal

log = structlog.get_logger("cardfleet.request")

GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ASKED_OFTEN = frozenset({"/healthz", "/readyz", "/metrics"})
Answer = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Bind a request id, the caller's own where it is a plain one, and log one line a request without its query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its id in `X-Request-ID`."""
        begin = time.perf_counter()
        with identified(request) as request_id:
            response = self.get_response(request)
            tell(request, response.status_code, begin)
        response["X-Request-ID"] = request_id
        return response


@contextmanager
def identified(request: HttpRequest) -> Iterator[str]:
    """Bind the id of a request while it is answered, and yield it."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        yield request_id


def tell(request: HttpRequest, status: int, begin: float) -> None:
    """Log the one line of a request that began at a count of `time.perf_counter`."""
    log.log(
        logging.DEBUG if request.path in ASKED_OFTEN else logging.INFO,
        "request",
        method=request.method,
        path=request.path,
        status=status,
        ms=round((time.perf_counter() - begin) * 1000),
    )


class RefusalMiddleware:
    """Present a refusal that a page's view let through; the API has its own presenter."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the refusal as JSON, or as a page or the part of one that htmx asked for."""
        if not isinstance(error, Refusal):
            return None
        log.info("refused", code=error.code, path=request.path)
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse(error.as_json(), status=error.status)
        return render(request, "errors/refusal.html", {"refusal": error}, status=error.status)
