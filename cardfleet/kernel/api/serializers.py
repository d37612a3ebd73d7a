"""What the API's resources are given and answer: DRF's serializers, which here refuse a field they do not know.

A misspelt field that is passed over would look as if it had been kept. What is only read may be sent back as it came.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.db.models import Model, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.serializers import (
    BooleanField,
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    DictField,
    FileField,
    IntegerField,
    JSONField,
    ListField,
    PrimaryKeyRelatedField,
    SerializerMethodField,
    SlugRelatedField,
    TimeField,
    UUIDField,
    ValidationError,
)

from cardfleet.kernel.keys import ids_by_key, is_natural

__all__ = [
    "BooleanField",
    "CharField",
    "ChoiceField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "DictField",
    "FileField",
    "InScope",
    "IntegerField",
    "JSONField",
    "KeyField",
    "KeysField",
    "ListField",
    "ModelSerializer",
    "PrimaryKeyRelatedField",
    "Serializer",
    "SerializerMethodField",
    "SlugField",
    "SlugRelatedField",
    "TimeField",
    "TupleSerializer",
    "UUIDField",
    "ValidationError",
]

LARGEST_ID = 2**63 - 1
UNKNOWN_KEY = _("Nothing in your scope has this name. Give an id, or another key.")

Instance = TypeVar("Instance")
Stored = TypeVar("Stored", bound=Model)


class Serializer(serializers.Serializer[Instance]):
    """DRF's serializer, which names every field it does not know beside all other faults."""

    def to_internal_value(self, data: Any) -> Any:
        """Return what was given; ValidationError."""
        faults = {name: [_unknown(self.fields)] for name in _names(data) if name not in self.fields}
        try:
            given = super().to_internal_value(data)
        except ValidationError as error:
            if faults and isinstance(error.detail, dict):
                raise ValidationError({**error.detail, **faults}) from error
            raise
        if faults:
            raise ValidationError(faults)
        return given


class TupleSerializer(Serializer[tuple[Any, ...]]):
    """A tuple as an object: its values in the order of the fields."""

    def to_representation(self, instance: tuple[Any, ...]) -> dict[str, Any]:
        """Return the values by the names of the fields."""
        named: Any = dict(zip(self.fields, instance, strict=True))
        return super().to_representation(named)


class CharField(serializers.CharField):
    """DRF's text, which here is no number: a number has lost the zeros it began with."""

    def to_internal_value(self, data: Any) -> str:
        """Return what was given; ValidationError."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class SlugField(CharField, serializers.SlugField):
    """The same of a slug."""


class ModelSerializer(Serializer[Stored], serializers.ModelSerializer[Stored]):
    """The same with the fields of a model."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: CharField,
        models.SlugField: SlugField,
        models.TextField: CharField,
    }


def in_sight(rows: Any, request: Any) -> QuerySet[Any]:
    """Return those of the rows that the asking person may name; all where nobody asks (the schema)."""
    seen: Any = rows.all()
    asks = request is not None and request.user.is_authenticated
    found: QuerySet[Any] = seen.visible_to(request.user) if asks and hasattr(seen, "visible_to") else seen
    return found


class InScope(PrimaryKeyRelatedField[Any]):
    """A row the asking person may name, by id or natural key; another is as if it were not.

    Its serializer needs the `request` in its context.
    """

    default_error_messages = {"unknown_key": UNKNOWN_KEY}

    def get_queryset(self) -> QuerySet[Any]:
        """Return what may be named."""
        return in_sight(super().get_queryset(), self.context.get("request"))

    def to_internal_value(self, data: Any) -> Any:
        """Return the row; ValidationError."""
        rows = self.get_queryset()
        if not is_natural(rows, data):
            return super().to_internal_value(data)
        found = ids_by_key(rows, [data])
        if not found:
            self.fail("unknown_key")
        return rows.get(pk=found[data])


class KeyField(IntegerField):
    """The id of a row of `model`, or a natural key of one in scope, read as its id; the service says whether it fits.

    Its serializer needs the `request` in its context.
    """

    default_error_messages = {"unknown_key": UNKNOWN_KEY}

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)
        self.model = model

    def to_internal_value(self, data: Any) -> int:
        """Return the id; ValidationError."""
        rows = self.model._default_manager.all()  # noqa: SLF001 - documented
        if not is_natural(rows, data):
            return super().to_internal_value(data)
        found = ids_by_key(in_sight(rows, self.context.get("request")), [data])
        if not found:
            self.fail("unknown_key")
        return found[data]


class KeysField(ListField):
    """Ids of rows of `model`, natural keys among them, read as ids with one query a kind of key."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(child=IntegerField(min_value=1, max_value=LARGEST_ID), **kwargs)
        self.model = model

    def to_internal_value(self, data: Any) -> list[int]:
        """Return the ids in their order; ValidationError names each place that has none."""
        if not isinstance(data, list):
            return super().to_internal_value(data)
        rows = self.model._default_manager.all()  # noqa: SLF001 - documented
        named = [one for one in data if is_natural(rows, one)]
        found = ids_by_key(in_sight(rows, self.context.get("request")), named) if named else {}
        return super().to_internal_value([found.get(one, one) if isinstance(one, str) else one for one in data])


def _names(data: Any) -> Iterable[str]:
    """Return the names given; a form names the places of a list and of an object inside as `rows[0]name`."""
    if isinstance(data, MultiValueDict):
        return {re.split(r"[\[.]", name, maxsplit=1)[0] for name in data}
    return data if isinstance(data, Mapping) else ()


def _unknown(fields: Iterable[str]) -> ErrorDetail:
    message = _("There is no field of this name. Use one of: {names}.").format(names=", ".join(sorted(fields)))
    return ErrorDetail(message, code="unknown_field")
