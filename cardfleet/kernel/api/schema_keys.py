"""What the API's schema says of fields that take a natural key in the place of an id; answers hold the id."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension

from cardfleet.kernel.api.serializers import LARGEST_ID, InScope, KeyField, KeysField
from cardfleet.kernel.keys import keys_of

ID = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}


def key_schema(names: list[str]) -> dict[str, Any]:
    """Return the schema of an id, or of a natural key where there are any."""
    if not names:
        return dict(ID)
    key = {"type": "string", "pattern": f"^({'|'.join(names)}):.+$"}
    return {"oneOf": [dict(ID), key], "description": f"An id, or {' or '.join(f'{name}:…' for name in names)}."}


class KeyScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """One thing."""

    target_class = KeyField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return its schema."""
        return key_schema(list(keys_of(self.target.model._default_manager.all())))  # noqa: SLF001 - documented


class KeysScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Several things."""

    target_class = KeysField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return their schema."""
        one = key_schema(list(keys_of(self.target.model._default_manager.all())))  # noqa: SLF001 - documented
        bounds = {"maxItems": self.target.max_length, "minItems": self.target.min_length}
        return {"type": "array", "items": one, **{name: bound for name, bound in bounds.items() if bound is not None}}


class InScopeScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """One thing in sight."""

    target_class = InScope

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return its schema; an answer holds the id."""
        return key_schema(list(keys_of(self.target.queryset)) if direction == "request" else [])
