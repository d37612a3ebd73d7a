"""The one shape of every error the API answers: `{"code", "message", "details"}` (design, section 8)."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible, Reason, Refusal, TooLarge


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to a refusal or a DRF exception; None lets anything else be a defect (500)."""
    refusal = as_refusal(error)
    if refusal:
        set_rollback()
        again = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else None
        return Response(refusal.as_json(), status=refusal.status, headers=again)
    response = exception_handler(error, context)
    if response and isinstance(error, exceptions.APIException):
        response.data = {"code": error.default_code, "message": str(error.detail), "details": []}
    return response


def as_refusal(error: Exception) -> Refusal | None:
    """Return the refusal that an exception is or means; None for those only DRF knows (401, 405, 415, 429)."""
    match error:
        case Refusal():
            return error
        case exceptions.ValidationError():
            return BadInput(reasons=list(reasons(error.detail)))
        case Http404() | exceptions.NotFound():
            return NotVisible()
        case PermissionDenied() | exceptions.PermissionDenied():
            return NotAllowed()
        case RequestDataTooBig():
            return TooLarge()
        case SuspiciousOperation():
            return BadInput()
        case exceptions.ParseError():
            return BadInput(message=str(error.detail))
    return None


def reasons(detail: Any, path: str = "") -> Iterator[Reason]:
    """Return one reason a message of a DRF error tree; `field` is the dotted way to it, empty for the whole."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            yield from reasons(below, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for index, below in enumerate(detail):
            nested = isinstance(below, dict | list)
            yield from reasons(below, f"{path}.{index}".lstrip(".") if nested else path)
    else:
        yield Reason(code=detail.code, message=str(detail), field=path)
