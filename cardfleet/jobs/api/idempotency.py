"""`Idempotency-Key`: a write that comes twice with one key is done once and answered the same."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http.request import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.accounts.access import person_of
from cardfleet.jobs.services.idempotency import claim_key, kept_answer, request_hash, store_answer
from cardfleet.kernel.errors import BadInput, Reason

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST = 200

Method = Callable[..., Response]


class IdempotentMixin(APIView):
    """Honours the key in every write of a view. Resources have it from the router; a view beside it puts it first.

    The key, the deed and the answer are one transaction. A refused write stores nothing, so it may come again with
    the same key once what stood against it is cleared. Another body under a known key is 422. A view that
    `answers_secrets` answers a repeat to the same token alone.
    """

    idempotency_header = HEADER

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the handler answer once, after everybody who may refuse the request has had their say."""
        super().initial(request, *args, **kwargs)
        key, name = request.headers.get(HEADER, ""), str(request.method).lower()
        if len(key) > LONGEST:
            reason = Reason(code="max_length", message=_("A key has 200 characters at most."), field=HEADER)
            raise BadInput(reasons=[reason])
        if key and request.method in WRITES and hasattr(self, name):
            setattr(self, name, _once(getattr(self, name), key, self._only_for(request)))

    def _only_for(self, request: Request) -> str:
        return getattr(request.auth, "digest", "") if getattr(self, "answers_secrets", False) else ""


def _once(method: Method, key: str, by: str) -> Method:
    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            asked = request_hash(str(request.method), request.path, _fields(request.data), by=by)
            claimed = claim_key(user=person_of(request), key=key, asked=asked, now=timezone.now())
            if claimed.status is not None:
                return Response(kept_answer(claimed), status=claimed.status, headers={REPLAYED: "true"})
            response = method(request, *args, **kwargs)
            store_answer(claimed=claimed, status=response.status_code, answer=response.data)
        return response

    return answer


def _fields(data: Any) -> Any:
    return dict(data.lists()) if isinstance(data, QueryDict) else data
