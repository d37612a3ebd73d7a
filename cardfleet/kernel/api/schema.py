"""What the API's schema says beside each view's own: the error shape, and which refusals are always possible."""

from http import HTTPStatus
from typing import Any

from django.utils import translation
from rest_framework import exceptions

from cardfleet.kernel.errors import BadInput, Conflict, NotAllowed, NotVisible, Reason, TooLarge

ERROR = {
    "type": "object",
    "required": ["code", "message", "details"],
    "properties": {
        "code": {"type": "string", "description": "For programs; stays the same when sentences change."},
        "message": {"type": "string", "description": "For people, in the language of Accept-Language."},
        "details": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
    },
}
TEXT = {"type": "string"}
REASON = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": TEXT,
        "message": TEXT,
        "clears": TEXT,
        "clear_url": TEXT,
        "field": TEXT,
        "line": {"type": "integer"},
        "column": TEXT,
        "value": TEXT,
    },
}
# A status: what the schema calls the answer, and when it comes.
ALWAYS = {
    "400": ("BadInput", "What was sent cannot be used; `details` name the fields."),
    "401": ("NotSignedIn", "No token or session, or one that holds no longer."),
    "403": ("NotAllowed", "The person has not the right."),
    "404": ("NotFound", "There is nothing here, or it is outside the person's scope."),
    "405": ("NotOffered", "This is not done with what is here; `Allow` says what is."),
    "406": ("NotAcceptable", "No answer in the form that `Accept` asks for."),
    "429": ("TooMany", "Asked too often; `Retry-After` says when again, in seconds."),
}
WRITES = {
    "409": ("Refused", "A rule stands against it; `details` say which, and what clears it."),
    "413": ("TooLarge", "The body is larger than what is read here."),
    "415": ("UnknownForm", "The body is not in a form that is read here."),
    "422": ("KeyOfAnother", "The Idempotency-Key came before with another request."),
}
METHODS = {"get", "post", "put", "patch", "delete"}
DESCRIPTION = """\
Sign in at `auth/token/`, then send `Authorization: Token ...`. Lists answer `results` with the links `next` and
`previous`; follow them as they are. An unknown filter is refused. Every error is `{"code", "message", "details"}`:
`code` is for programs and stays, `message` is in the language of `Accept-Language`. A write with an `Idempotency-Key`
may come again within 24 hours. Many writes, of any resources, go in one request to `writes/`, one deed to many cards to
`cards/bulk/`; both answer 202 with a job that tells of each row. Moments are RFC 3339 with an offset, amounts are CNY
as text. New fields and new values of a vocabulary may be added at any time; `x-enum-labels` has each value's label,
`x-permission` each operation's right."""


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Add the error shape to every operation (a post-processing hook of drf-spectacular)."""
    result["info"]["description"] = DESCRIPTION
    result["components"]["schemas"] |= {"Error": ERROR, "Reason": REASON}
    result["components"]["responses"] = {
        name: _response(words, sample(int(status))) for status, (name, words) in (ALWAYS | WRITES).items()
    }
    for path in result["paths"].values():
        for method in METHODS & path.keys():
            answers = path[method]["responses"]
            for status, answer in answers.items():
                answer["description"] = answer.get("description") or f"{HTTPStatus(int(status)).phrase}."
            for status, (name, _words) in (ALWAYS if method == "get" else ALWAYS | WRITES).items():
                answers.setdefault(status, {"$ref": f"#/components/responses/{name}"})
            for body in path[method].get("requestBody", {}).get("content", {}).values():
                _close(body["schema"], result["components"]["schemas"])
    return result


def sample(status: int) -> dict[str, Any]:
    """Return an error of a status as the API words it, in English."""
    field = Reason(code="required", message="This field is required.", field="agent")
    unmet = Reason(code="not_in_service", message="The card is not in service.", clears="Record that it is active.")
    with translation.override("en"):
        match status:
            case 400:
                return BadInput(reasons=[field]).as_json()
            case 403:
                return NotAllowed().as_json()
            case 404:
                return NotVisible().as_json()
            case 409:
                return Conflict(reasons=[unmet]).as_json()
            case 413:
                return TooLarge().as_json()
            case 422:
                return {
                    "code": "idempotency_key_reused",
                    "message": "This Idempotency-Key belongs to another request.",
                    "details": [],
                }
        kinds = (
            exceptions.NotAuthenticated, exceptions.MethodNotAllowed, exceptions.NotAcceptable, exceptions.Throttled,
            exceptions.UnsupportedMediaType,
        )  # fmt: skip
        kind = next(kind for kind in kinds if kind.status_code == status)
        return {"code": kind.default_code, "message": str(kind.default_detail), "details": []}


def _close(schema: Any, known: dict[str, Any]) -> None:
    """Say of every object inside what is sent that it takes no other names: serializers refuse them."""
    if isinstance(schema, list):
        for below in schema:
            _close(below, known)
    elif isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        for below in [*schema.values(), known.get(name)]:
            _close(below, known)


def _response(words: str, example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "example": example}}
    return {"description": words, "content": content}
