"""The API's schema says of every operation what a client needs to know, and nothing that is not so."""

import json
import re
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cardfleet.kernel.api.operations import words_of_right
from cardfleet.kernel.management.commands import check_schema

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema as it is kept."""
    return json.loads(check_schema.schema_text())


@pytest.fixture(scope="module")
def operations(schema) -> dict[str, dict[str, Any]]:
    """Each operation by method and path."""
    paths = schema["paths"].items()
    return {f"{name} {path}": item[name] for path, item in paths for name in METHODS & item.keys()}


def test_every_operation_says_what_it_does_and_who_may(operations) -> None:
    """A line, a description, the right by name and in words."""
    short = [name for name, one in operations.items() if not 8 <= len(one.get("summary", "")) <= 120]
    assert short == []
    for name, one in operations.items():
        right = one["x-permission"]
        assert (f"`{right}`: {words_of_right(right)}" if right else "sign-in") in one["description"], name


def test_every_body_and_answer_has_an_example_that_the_schema_allows(schema, operations) -> None:
    """Examples are made from the schema; each is held against it."""
    answers = schema["components"]["responses"]
    held = operations | {f"answer {name}": {"responses": {name: answer}} for name, answer in answers.items()}
    wrong, count = [], 0
    for name, one in held.items():
        for said in (one.get("requestBody", {}), *one["responses"].values()):
            body = said.get("content", {}).get("application/json")
            for value in examples(body) if body else ():
                count += 1
                validator = jsonschema.Draft202012Validator({"components": schema["components"], **body["schema"]})
                wrong += [(name, error.json_path, error.message) for error in validator.iter_errors(value)]
    assert wrong == []
    assert count > len(operations)


def examples(body: dict[str, Any]) -> list[Any]:
    """Return the examples of a body; KeyError where it has none."""
    return [body["example"]] if "example" in body else [one["value"] for one in body["examples"].values()]


def test_times_of_day_and_numbers_in_addresses_are_told_as_they_are(schema) -> None:
    """A time of day has no offset, which the format of that name asks for; digits in an address are a number."""
    at = schema["components"]["schemas"]["Report"]["properties"]["at"]
    assert "format" not in at
    told = ("08:30:00", "08:30", "24:00", "8:30")
    assert [text for text in told if re.search(at["pattern"], text)] == ["08:30:00", "08:30"]
    parts = schema["paths"]["/api/v1/claims/{id}/lines/{line}/remove/"]["post"]["parameters"]
    assert next(one["schema"] for one in parts if one["name"] == "line") == {"type": "integer"}


def test_every_error_that_may_come_is_told(operations) -> None:
    """With its shape and an example."""
    for name, one in operations.items():
        expected = {"400", "401", "403", "404", "405", "406", "429"}
        if not name.startswith("get "):
            expected |= {"409", "413", "415", "422"}
        assert expected <= one["responses"].keys(), name
        assert all(answer.get("description") or "$ref" in answer for answer in one["responses"].values()), name


def test_every_vocabulary_has_its_labels_in_both_languages(schema) -> None:
    """And so have filters whose values are one."""
    states = schema["components"]["schemas"]["ServiceState"]
    assert states["x-enum-labels"]["en"]["active"] == "In service"
    assert states["x-enum-labels"]["zh-Hans"]["full_stop"] == "停机"
    bare = [
        name
        for name, one in schema["components"]["schemas"].items()
        if one.get("enum", [""]) != [""] and one.get("x-enum-labels", {}).keys() != {"en", "zh-Hans"}
    ]
    assert bare == []
    kinds = next(one for one in schema["paths"]["/api/v1/alerts/"]["get"]["parameters"] if one["name"] == "kind")
    assert "stopped" in kinds["schema"]["items"]["enum"]


def test_the_pages_of_the_schema_come_from_this_server(client) -> None:
    """Neither the page nor what it loads names another host."""
    page = client.get(reverse("api-docs")).content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page
    assert client.get(reverse("api-schema")).status_code == 200


def test_what_is_kept_is_compared_with_what_is(tmp_path, settings, capsys) -> None:
    """A field taken away is told as what breaks clients, and nothing is written unless that is asked."""
    settings.BASE_DIR = tmp_path
    kept = tmp_path / check_schema.SCHEMA
    kept.parent.mkdir()
    known = json.loads(check_schema.schema_text())
    known["components"]["schemas"]["Card"]["properties"]["colour"] = {"type": "string"}
    known["components"]["schemas"]["HandoutRequest"]["required"] = []
    kept.write_text(json.dumps(known))
    with pytest.raises(CommandError, match="check_schema --write"):
        call_command("check_schema")
    told = capsys.readouterr().out
    assert "BREAKS  GET /api/v1/cards/{id}/ answer: field colour is gone" in told
    assert "BREAKS  POST /api/v1/cards/{id}/issue/ request: field agent is required" in told
    call_command("check_schema", "--write")
    call_command("check_schema")
    assert "is the API as it is" in capsys.readouterr().out
