"""What breaks clients of the API is told apart from what does not."""

from copy import deepcopy
from typing import Any

import pytest

from cardfleet.kernel.api.contract import changes

PLACE = "POST /cards/"


def json_of(name: str) -> dict[str, Any]:
    """Return a body of one schema."""
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


OLD: dict[str, Any] = {
    "paths": {
        "/cards/": {
            "post": {
                "x-permission": "cards.add_card",
                "parameters": [{"in": "query", "name": "dry", "schema": {"type": "boolean"}}],
                "requestBody": json_of("Wanted"),
                "responses": {"201": json_of("Card")},
            }
        }
    },
    "components": {
        "schemas": {
            "State": {"type": "string", "enum": ["active", "stopped"]},
            "Wanted": {
                "type": "object",
                "required": ["iccid"],
                "properties": {
                    "iccid": {"type": "string", "maxLength": 20},
                    "state": {"oneOf": [{"$ref": "#/components/schemas/State"}, {"type": "null"}]},
                },
            },
            "Card": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer"},
                    "state": {"allOf": [{"$ref": "#/components/schemas/State"}], "readOnly": True},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}


def operation(schema) -> Any:
    return schema["paths"]["/cards/"]["post"]


def wanted(schema) -> Any:
    return schema["components"]["schemas"]["Wanted"]


def card(schema) -> Any:
    return schema["components"]["schemas"]["Card"]


def state(schema) -> Any:
    return schema["components"]["schemas"]["State"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda new: operation(new).update(summary="Anew"), []),
        (lambda new: new["paths"].update({"/cards/": {}}), ["BREAKS  POST /cards/: is gone"]),
        (lambda new: new["paths"].update({"/tags/": {"get": {"responses": {}}}}), ["fits  GET /tags/: is new"]),
        (
            lambda new: operation(new).update({"x-permission": "cards.x"}),
            ["BREAKS  POST /cards/: needs the right cards.x instead of cards.add_card"],
        ),
        (lambda new: operation(new).update(parameters=[]), ["BREAKS  POST /cards/: query parameter dry is gone"]),
        (
            lambda new: operation(new)["parameters"].append({"in": "query", "name": "x"}),
            ["fits  POST /cards/: query parameter x is new"],
        ),
        (
            lambda new: operation(new)["parameters"].append({"in": "query", "name": "x", "required": True}),
            ["BREAKS  POST /cards/: query parameter x is new, and required"],
        ),
        (
            lambda new: operation(new)["parameters"][0].update(required=True),
            ["BREAKS  POST /cards/: query parameter dry is required"],
        ),
        (lambda new: operation(new)["requestBody"].update(required=True), ["BREAKS  POST /cards/: a body is required"]),
        (
            lambda new: operation(new).update(responses={"200": operation(new)["responses"]["201"]}),
            ["BREAKS  POST /cards/: answer 201 is gone", "fits  POST /cards/: answer 200 is new"],
        ),
        (lambda new: card(new)["properties"].pop("id"), ["BREAKS  POST /cards/ answer: field id is gone"]),
        (lambda new: card(new).update(required=[]), ["BREAKS  POST /cards/ answer: field id may be missing"]),
        (
            lambda new: card(new)["properties"].update(new={"type": "string"}),
            ["fits  POST /cards/ answer: field new is new"],
        ),
        (
            lambda new: card(new)["properties"]["id"].update(type=["integer", "null"]),
            ["BREAKS  POST /cards/ answer.id: may be null"],
        ),
        (
            lambda new: card(new)["properties"]["tags"]["items"].update(type="integer"),
            [
                "BREAKS  POST /cards/ answer.tags[]: may be integer",
                "fits  POST /cards/ answer.tags[]: is no string any more",
            ],
        ),
        (
            lambda new: wanted(new)["properties"].update(colour={"type": "string"}),
            ["fits  POST /cards/ request: field colour is new"],
        ),
        (
            lambda new: (wanted(new)["properties"].update(colour={}), wanted(new)["required"].append("colour")),
            ["BREAKS  POST /cards/ request: field colour is new, and required"],
        ),
        (
            lambda new: wanted(new).update(additionalProperties=False),
            ["BREAKS  POST /cards/ request: takes no other fields"],
        ),
        (
            lambda new: wanted(new)["required"].append("state"),
            ["BREAKS  POST /cards/ request: field state is required"],
        ),
        (
            lambda new: wanted(new)["properties"]["iccid"].update(maxLength=19),
            ["BREAKS  POST /cards/ request.iccid: maxLength is 19 instead of 20"],
        ),
        (
            lambda new: wanted(new)["properties"]["iccid"].update(maxLength=22),
            ["fits  POST /cards/ request.iccid: maxLength is 22 instead of 20"],
        ),
        (
            lambda new: wanted(new)["properties"]["iccid"].update(minLength=5),
            ["BREAKS  POST /cards/ request.iccid: minLength is 5 instead of None"],
        ),
        (
            lambda new: wanted(new)["properties"]["iccid"].update(format="uuid"),
            ["BREAKS  POST /cards/ request.iccid: has the format uuid instead of None"],
        ),
        (
            lambda new: state(new)["enum"].remove("stopped"),
            [
                "BREAKS  POST /cards/ request.state: the value 'stopped' is gone",
                "fits  POST /cards/ answer.state: the value 'stopped' is gone",
            ],
        ),
        (
            lambda new: state(new)["enum"].append("lost"),
            [
                "fits  POST /cards/ answer.state: the value 'lost' is new",
                "fits  POST /cards/ request.state: the value 'lost' is new",
            ],
        ),
    ],
)
def test_a_change_is_told_as_what_it_does_to_clients(change, told: list[str]) -> None:
    new = deepcopy(OLD)
    change(new)
    assert [str(one) for one in changes(OLD, new)] == told


def test_a_schema_that_names_itself_is_compared_once() -> None:
    old = deepcopy(OLD)
    card(old)["properties"]["parent"] = {"$ref": "#/components/schemas/Card"}
    new = deepcopy(old)
    card(new)["properties"].pop("tags")
    assert [str(one) for one in changes(old, new)] == ["BREAKS  POST /cards/ answer: field tags is gone"]
