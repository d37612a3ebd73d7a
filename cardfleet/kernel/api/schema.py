"""What the API's schema says beside each view's own: the error shape, and which refusals are always possible."""

from typing import Any

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
ALWAYS = {"400": "Bad input", "401": "Not signed in", "403": "Not allowed", "404": "Not found", "429": "Too many"}
WRITES = {"409": "Refused", "415": "Not JSON", "422": "Idempotency-Key of another request"}
METHODS = {"get", "post", "put", "patch", "delete"}


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Add the error shape to every operation (a post-processing hook of drf-spectacular)."""
    result["components"]["schemas"] |= {"Error": ERROR, "Reason": REASON}
    for path in result["paths"].values():
        for method in METHODS & path.keys():
            possible = ALWAYS if method == "get" else ALWAYS | WRITES
            for status, words in possible.items():
                path[method]["responses"].setdefault(status, _response(words))
    return result


def _response(words: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": words, "content": content}
