"""Examples in the API's schema: made from the schema itself, so that none can say what the API does not."""

import re
from collections.abc import Iterator
from typing import Any

REF = "#/components/schemas/"
DEEPEST = 7
JSON = "application/json"
METHODS = {"get", "post", "put", "patch", "delete"}
# Invented, all of them. A field's name says which; the first that fits the field's limits is taken.
BY_NAME: dict[str, tuple[Any, ...]] = {
    "msisdn": ("+8613800001234",),
    "callee": ("+8613900005678",),
    "caller": ("+8613900005678",),
    "counterpart": ("+8613900005678",),
    "iccid": ("89860012345678901234",),
    "imei": ("490154203237518",),
    "imei2": ("490154203237526",),
    "staff_no": ("1001",),
    "name": ("East team",),
    "username": ("1001",),
    "password": ("a long sentence only you know",),
    "otp": ("123456",),
    "token": ("5d3f…",),
    "note": ("By telephone",),
    "reason": ("Recorded by mistake",),
    "text": ("Called the hotline; they will ring back.",),
    "region": ("北京",),
    "location": ("Cabinet A, drawer 3",),
    "risk_band": ("high",),
    "count": (1,),
    "next": ("https://cardfleet.example/api/v1/cards/?cursor=cD0xMDA%3D",),
    "month": ("2026-11-01", "2026-11"),
    "risk_score": (62,),
    "satisfaction": (4, "4.5"),
}
BY_FORMAT: dict[str, tuple[Any, ...]] = {
    "date": ("2026-11-20",),
    "date-time": ("2026-11-20T10:30:00+08:00",),
    "decimal": ("12.50", "12.5", "0.5", "0.05", "12", "1"),
    "uuid": ("0b5c2a52-6f0d-4d6f-9f3e-3f1f6f0c7a11",),
    "uri": ("https://cardfleet.example/",),
    "email": ("zhang@cardfleet.example",),
}
BY_TYPE: dict[str, tuple[Any, ...]] = {
    "string": ("Text", "2026-11", "10:30:00", "1001", "13800001234"),
    "integer": (42, 15, 3, 1),
    "number": (12.5, 1),
    "boolean": (True,),
}


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Give every JSON body and answer an example (a post-processing hook of drf-spectacular, the last)."""
    schemas = result["components"]["schemas"]
    for body, direction in _bodies(result["paths"]):
        if "schema" in body and not body.keys() & {"example", "examples"}:
            body["example"] = example(body["schema"], schemas, direction=direction)
    return result


def _bodies(paths: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each JSON body with the property that a field must not have to be part of it."""
    for path in paths.values():
        for method in METHODS & path.keys():
            operation = path[method]
            asked = operation.get("requestBody", {}).get("content", {})
            if JSON in asked:
                yield asked[JSON], "readOnly"
            for answer in operation["responses"].values():
                if JSON in answer.get("content", {}):
                    yield answer["content"][JSON], "writeOnly"


def example(schema: dict[str, Any], schemas: dict[str, Any], *, direction: str, name: str = "", depth: int = 0) -> Any:
    """Return a value of a schema; `direction` names the property that leaves a field out, readOnly of a request."""
    schema = merged(schema, schemas)
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "object" if "properties" in schema else None)
    kind = next((one for one in kinds if one != "null"), "null") if isinstance(kinds, list) else kinds
    if kind == "object":
        fields = schema.get("properties", {}) if depth < DEEPEST else {}
        return {
            key: example(below, schemas, direction=direction, name=key, depth=depth + 1)
            for key, below in fields.items()
            if not below.get(direction)
        }
    if kind == "array":
        few = max(1, schema.get("minItems", 1))
        return [example(schema.get("items", {}), schemas, direction=direction, name=name, depth=depth + 1)] * few
    known = (*BY_NAME.get(name, ()), *BY_FORMAT.get(schema.get("format", ""), ()), *BY_TYPE.get(kind or "", ()))
    return next((value for value in known if fits(value, schema, kind)), None)


def merged(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what it refers to in its place; of alternatives the first."""
    while "$ref" in schema or {"allOf", "oneOf", "anyOf"} & schema.keys():
        parts = [schema] if "$ref" in schema else [*schema.get("allOf", ()), *schema.get("oneOf", ())[:1]]
        parts += schema.get("anyOf", ())[:1]
        own = {key: value for key, value in schema.items() if key not in ("$ref", "allOf", "oneOf", "anyOf")}
        schema = {}
        for part in parts:
            schema |= schemas[part["$ref"].removeprefix(REF)] if "$ref" in part else part
        schema = schema | own
    return schema


def fits(value: Any, schema: dict[str, Any], kind: str | None) -> bool:
    """Tell whether a value is within the limits that a schema states."""
    if isinstance(value, str):
        long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return kind == "string" and long_enough and bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, bool):
        return kind == "boolean"
    return kind in ("integer", "number") and schema.get("minimum", value) <= value <= schema.get("maximum", value)
