"""What the API's resources are given and answer: DRF's serializers, which here refuse a field they do not know.

A misspelt field that is passed over would look as if it had been kept. What is only read may be sent back as it came.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.serializers import (
    BooleanField,
    CharField,
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
    SlugField,
    SlugRelatedField,
    ValidationError,
)

__all__ = [
    "BooleanField",
    "CharField",
    "ChoiceField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "DictField",
    "FileField",
    "IntegerField",
    "JSONField",
    "ListField",
    "ModelSerializer",
    "PrimaryKeyRelatedField",
    "Serializer",
    "SerializerMethodField",
    "SlugField",
    "SlugRelatedField",
    "ValidationError",
]

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


class ModelSerializer(Serializer[Stored], serializers.ModelSerializer[Stored]):
    """The same with the fields of a model."""


def _names(data: Any) -> Iterable[str]:
    """Return the names given; a form names the places of a list and of an object inside as `rows[0]name`."""
    if isinstance(data, MultiValueDict):
        return {re.split(r"[\[.]", name, maxsplit=1)[0] for name in data}
    return data if isinstance(data, Mapping) else ()


def _unknown(fields: Iterable[str]) -> ErrorDetail:
    message = _("There is no field of this name. Use one of: {names}.").format(names=", ".join(sorted(fields)))
    return ErrorDetail(message, code="unknown_field")
