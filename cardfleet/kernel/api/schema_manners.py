"""What the API's schema says of what every resource can do: entity tags and what heeds them."""

from typing import Any

from cardfleet.kernel.api.schema_keys import key_schema
from cardfleet.kernel.api.shaping import expandable
from cardfleet.kernel.keys import keys_of

ONE = "{id}/"
WRITES = ("post", "put", "patch", "delete")
TAG = {"ETag": {"description": "Changes with what is answered.", "schema": {"type": "string"}}}
SHAPES = """Lists and things take `?fields=id,iccid` to leave all other fields out, and `?expand=carrier,holder` to put
things where their ids stand; the names are those of `x-expand`. Of a thing that is not in your scope its `id` stays.

"""
STALE = "Changed since it was read"


def add_manners(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Add what the bases of the resources do to every operation (a post-processing hook of drf-spectacular)."""
    errors = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    result["info"]["description"] = SHAPES + result["info"].get("description", "")
    keyed = {path.replace("{pk}", "{id}"): _keys(callback) for path, _regex, _method, callback in generator.endpoints}
    for path, operations in result["paths"].items():
        if names := _expandable(operations.get("get", {}), result["components"]["schemas"]):
            operations["get"]["x-expand"] = names
        thing = path.partition(ONE)
        if not thing[1]:
            continue
        if not thing[2] and "get" in operations:
            operations["get"].setdefault("parameters", []).append(_header("If-None-Match", "Tags of known answers."))
            operations["get"]["responses"]["200"]["headers"] = TAG
            operations["get"]["responses"]["304"] = {"description": "As known", "headers": TAG}
        for parameter in _all_parameters(operations):
            if keyed.get(path) and (parameter["in"], parameter["name"]) == ("path", "id"):
                parameter |= {"schema": key_schema(keyed[path]), "description": "The id, or a natural key."}
        for method in operations.keys() & WRITES:
            operations[method].setdefault("parameters", []).append(
                _header("If-Match", "The ETag of the thing as it was read; a change since then is 412.")
            )
            operations[method]["responses"]["412"] = {"description": STALE, "content": errors}
    return result


def _expandable(operation: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    content = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
    schema = _meant(content.get("schema", {}), schemas)
    rows = schema.get("properties", {}).get("results")
    return expandable(_meant(rows.get("items", {}) if rows else schema, schemas).get("properties", {}))


def _meant(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _keys(callback: Any) -> list[str]:
    return list(keys_of(getattr(callback.cls, "queryset", None)))  # type: ignore[arg-type]


def _all_parameters(operations: dict[str, Any]) -> list[dict[str, Any]]:
    return [parameter for operation in operations.values() for parameter in operation.get("parameters", ())]


def _header(name: str, words: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "schema": {"type": "string"}, "description": words}
