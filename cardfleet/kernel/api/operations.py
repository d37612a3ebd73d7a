"""What the API's schema says of each operation: a line, what it does, the right it needs, the values of its filters."""

import re
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import Choices
from django.utils import translation
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from cardfleet.kernel.api.permissions import right_of
from cardfleet.kernel.api.vocabularies import LABELS, labels_of
from cardfleet.kernel.clock import MONTH, TIME_OF_DAY
from cardfleet.kernel.filtersets import LARGEST_ID, Ids, is_id
from cardfleet.kernel.rights import words_of

ONE_ID = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
# How an address that names a thing by its number alone says so.
NUMBER = re.compile(r"\^(\\d|\[0-9\])(\+|\{1,\d+\})\$")


class Operations(AutoSchema):
    """An operation as CardFleet describes it; texts of the schema are English, vocabularies in both languages."""

    def get_summary(self) -> str | None:
        """Return a line: the first sentence of the method's docstring, else what is listed or asked for."""
        own = get_doc(getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None))
        model = getattr(getattr(self.view, "queryset", None), "model", None)
        if own and not own.startswith(("List a queryset", "Retrieve a model instance")):
            return own.partition("\n")[0].partition(". ")[0].removesuffix(".")
        with translation.override("en"):
            if model and getattr(self.view, "action", None) == "retrieve":
                return f"Get one of the {model._meta.verbose_name_plural}"
            return f"List the {model._meta.verbose_name_plural}" if model else None

    def get_description(self) -> str:  # type: ignore[override]
        """Return what the docstring says, and who may."""
        return f"{super().get_description()}\n\n{self._who()}".strip()

    def get_extensions(self) -> dict[str, Any]:
        """Return `x-permission`: the right by name; null where a sign-in, or nothing, is enough."""
        return {"x-permission": right_of(self.view) or None}

    def get_override_parameters(self) -> list[Any]:
        """Return the view's own parameters, and the header by which a write may come twice."""
        own = list(super().get_override_parameters())
        header = getattr(self.view, "idempotency_header", "")
        if not header or self.method == "GET":
            return own
        told = "A write that comes twice with one key within 24 hours is done once and answered the same."
        text = {"type": "string", "maxLength": 200}
        return [*own, OpenApiParameter(header, text, OpenApiParameter.HEADER, description=told)]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        """Return what is answered; some is a file, too, and a list's that takes long is made by a job."""
        told = super()._get_response_bodies(direction)
        view: Any = self.view
        if getattr(view, "gives_files", False):
            told["200"]["content"] |= {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in view.files}
            if late := getattr(view, "answers_late", None):
                told["202"] = self._get_response_for_code(late(), "202")  # type: ignore[no-untyped-call]
        return told

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:  # noqa: FBT001, FBT002
        mapped = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, serializers.ChoiceField):
            values = mapped.get("items", mapped)
            if "enum" in values:
                values[LABELS] = labels_of(field.choices.items())
                values["enum"] += [""] if may_be_blank(field) and "" not in values["enum"] else []
        if isinstance(field, serializers.DateField) and getattr(field, "format", "") == "%Y-%m":
            mapped.pop("format", None)
            mapped["pattern"] = MONTH
        if isinstance(field, serializers.TimeField):
            mapped.pop("format", None)  # The format asks for an offset; a time of day here is Shanghai's.
            mapped["pattern"] = TIME_OF_DAY
        return mapped

    def _resolve_path_parameters(self, variables: Any) -> Any:
        """Return the parts of the address; one of digits is a number, as those are that a model has."""
        told = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in told:
            if NUMBER.fullmatch(parameter["schema"].get("pattern", "")):
                parameter["schema"] = {"type": "integer"}
        return told

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        if isinstance(field, serializers.URLField) and may_be_blank(field):
            schema.pop("format", None)  # Where there is no address an empty text stands, which is none.

    def _who(self) -> str:
        right = right_of(self.view)
        if right:
            return f"Needs the right `{right}`: {words_of_right(right)}."
        open_to_all = AllowAny in getattr(self.view, "permission_classes", ())
        return "Needs no sign-in." if open_to_all else "Needs a sign-in, and no right beyond it."


class StrictFilterExtension(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Filters as django-filter's extension tells them, and the values of those whose choices are a class."""

    target_class = "cardfleet.kernel.api.filters.StrictFilterBackend"
    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> Any:
        """Return the parameters of a filter; one that names things is not asked for without a name."""
        if isinstance(filter_field, Ids):
            return [_several(field_name, dict(ONE_ID), filter_field.label)]
        if isinstance(filter_field, django_filters.ModelMultipleChoiceFilter) and filter_field.extra.get(
            "to_field_name"
        ):
            return [_several(field_name, {"type": "string", "minLength": 1}, filter_field.label)]
        told = super().resolve_filter_field(auto_schema, model, filterset_class, field_name, filter_field)  # type: ignore[no-untyped-call]
        for parameter in told if not isinstance(filter_field, django_filters.CharFilter) else ():
            schema = parameter["schema"].get("items", parameter["schema"])
            if schema.get("type") == "string" and not schema.keys() & {"enum", "format"}:
                schema["minLength"] = 1
            elif isinstance(filter_field, django_filters.NumberFilter) and is_whole(filter_field, schema):
                least, most = filter_field.extra.get("min_value", 1), filter_field.extra.get("max_value", LARGEST_ID)
                schema |= {"type": "integer", "minimum": least, "maximum": most}
                schema.pop("format", None)
        return told

    def _get_explicit_filter_choices(self, filter_field: Any) -> list[Any] | None:
        choices = filter_field.extra.get("choices")
        if isinstance(choices, type) and issubclass(choices, Choices):
            return list(choices.values)
        known: list[Any] | None = super()._get_explicit_filter_choices(filter_field)  # type: ignore[no-untyped-call]
        return known


def _several(name: str, one: dict[str, Any], words: Any) -> dict[str, Any]:
    """Return the parameter of a filter that takes several values."""
    told = {"in": "query", "name": name, "schema": {"type": "array", "items": one}, "explode": True, "style": "form"}
    return {**told, **({"description": str(words)} if words else {})}


def is_whole(asked: django_filters.NumberFilter, schema: dict[str, Any]) -> bool:
    """Tell whether a filter that the library takes for any number is of whole ones: an id, a count, one with ends."""
    return is_id(asked) or "min_value" in asked.extra or "type" not in schema


def may_be_blank(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Tell whether a text that is only answered may be empty: its column may."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.concrete_fields} if model else {}
    return bool(field.read_only and field.source in columns and columns[field.source].blank)


def words_of_right(right: str) -> str:
    """Return what a right (`app.codename`) allows, in English; LookupError for one that no model has."""
    app, _dot, codename = right.partition(".")
    with translation.override("en"):
        for model in apps.get_app_config(app).get_models():
            words = words_of(model, codename)
            if words:
                return words
    raise LookupError(right)
