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
WRITES = {"409": "Refused", "413": "Too large", "415": "Not JSON", "422": "Idempotency-Key of another request"}
METHODS = {"get", "post", "put", "patch", "delete"}


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Add the error shape to every operation (a post-processing hook of drf-spectacular)."""
    result["components"]["schemas"] |= {"Error": ERROR, "Reason": REASON}
    for path in result["paths"].values():
        for method in METHODS & path.keys():
            possible = ALWAYS if method == "get" else ALWAYS | WRITES
            for status, words in possible.items():
                path[method]["responses"].setdefault(status, _response(words))
            for body in path[method].get("requestBody", {}).get("content", {}).values():
                _close(body["schema"], result["components"]["schemas"])
    return result


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


def _response(words: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": words, "content": content}
