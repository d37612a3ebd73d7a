"""The vocabularies in the API's schema: each value with its label in both languages, `x-enum-labels`."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation

LABELS = "x-enum-labels"
LANGUAGES = {"en": "en", "zh-Hans": "zh-hans"}
REF = "#/components/schemas/"


def labels_of(choices: Iterable[tuple[Any, Any]]) -> dict[str, dict[str, str]]:
    """Return the label of each value by language: `{"en": {"active": "Active"}, "zh-Hans": {"active": "在用"}}`."""
    known = [(str(value), label) for value, label in choices if value not in ("", None)]
    labels = {}
    for name, code in LANGUAGES.items():
        with translation.override(code):
            labels[name] = {value: str(label) for value, label in known}
    return labels


def gather_labels(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Move labels from the fields to the vocabulary they name (a post-processing hook, after that of the enums)."""
    schemas = result["components"]["schemas"]
    for component in list(schemas.values()):
        for container, key in _fields(component):
            field = container[key]
            named = _vocabularies(field)
            labels = field.pop(LABELS)
            for name in named:
                if schemas[name].get("enum") != [""]:
                    schemas[name].setdefault(LABELS, labels)
            if field.keys() == {"allOf"} and len(field["allOf"]) == 1:
                container[key] = field["allOf"][0]
    return result


def _fields(schema: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield where each labelled field that names a vocabulary stands."""
    if isinstance(schema, dict):
        for key, below in list(schema.items()):
            if isinstance(below, dict) and LABELS in below and _vocabularies(below):
                yield schema, key
            else:
                yield from _fields(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from _fields(below)


def _vocabularies(field: dict[str, Any]) -> list[str]:
    named = [field, *field.get("allOf", ()), *field.get("oneOf", ())]
    return [one["$ref"].removeprefix(REF) for one in named if "$ref" in one]
