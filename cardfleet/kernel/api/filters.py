"""Filters that refuse what they do not know: a misspelt filter must never answer the unfiltered list."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.utils import translate_validation
from rest_framework.request import Request
from rest_framework.views import APIView

from cardfleet.kernel.api.serializers import UNKNOWN_KEY, in_sight
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.filtersets import narrowed
from cardfleet.kernel.keys import ids_by_key, is_natural

LARGEST_ID = 2**63 - 1
BOOLEANS = {"true", "false", "True", "False"}
PAGING = (
    *("cursor_query_param", "page_query_param", "page_size_query_param"),
    *("count_query_param", "ordering_query_param"),
)


class StrictFilterBackend(filters.DjangoFilterBackend):  # type: ignore[misc]
    """django-filter over the view's `filterset_class`; an unknown parameter or value is BadInput naming it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Model], view: APIView) -> QuerySet[Model]:
        """Return the filtered queryset; nothing is made of filters that were not asked for."""
        kind: Any = self.get_filterset_class(view, queryset)
        filters_by_parameter = parameters_of(kind) if kind else {}
        known = {"format", *page_parameters(view), *getattr(view, "own_parameters", ()), *filters_by_parameter}
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise BadInput(reasons=[unknown_parameter(name, known) for name in unknown])
        asked = frozenset(filters_by_parameter[name] for name in request.query_params if name in filters_by_parameter)
        if not asked:
            return queryset
        given = self.get_filterset_kwargs(request, queryset, view)
        read = with_ids(given["data"], kind, request)
        unread = [
            name for name, of in filters_by_parameter.items() if name in read and not is_said(kind, of, str(read[name]))
        ]
        if unread:
            raise BadInput(reasons=[unreadable(name) for name in unread])
        filterset = narrowed(kind, asked)(**given | {"data": read})
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        filtered: QuerySet[Model] = filterset.qs
        return filtered


def with_ids(given: QueryDict, kind: type[Any], request: Request) -> QueryDict:
    """Return the parameters with ids in the place of natural keys; BadInput where a key names nothing in sight."""
    read = given.copy()
    for name, values in given.lists():
        rows = rows_of(kind, name, request)
        named = [] if rows is None else [value for value in values if is_natural(rows, value)]
        if rows is None or not named:
            continue
        found = ids_by_key(in_sight(rows, request), named)
        if lacking := [value for value in named if value not in found]:
            raise BadInput(reasons=[Reason(code="unknown_key", message=UNKNOWN_KEY, field=name) for _each in lacking])
        read.setlist(name, [str(found.get(value, value)) for value in values])
    return read


def rows_of(kind: type[Any], name: str, request: Request) -> QuerySet[Any] | None:
    """Return the rows whose ids a filter takes, None where it takes other values."""
    asked = kind.base_filters.get(name)
    if isinstance(asked, filters.ModelChoiceFilter):
        given = asked.extra["queryset"]
        rows: QuerySet[Any] = given(request) if callable(given) else given
        return rows
    if isinstance(asked, filters.NumberFilter):
        columns = {field.attname: field for field in kind._meta.model._meta.concrete_fields}
        column = columns.get(asked.field_name)
        if column is not None and column.related_model:
            named: QuerySet[Any] = column.related_model._default_manager.all()  # noqa: SLF001 - documented
            return named
    return None


def unknown_parameter(name: str, known: set[str]) -> Reason:
    """Return the reason that names an unknown parameter and those there are."""
    return Reason(
        code="unknown_parameter",
        message=_("There is no filter of this name. Use one of: {names}.").format(names=", ".join(sorted(known))),
        field=name,
    )


def is_said(filterset: type[Any], name: str, text: str) -> bool:
    """Tell whether a filter is given something to go by; its form would take what it cannot read for not asked."""
    asked = filterset.base_filters[name]
    if isinstance(asked, django_filters.BooleanFilter):
        return text in BOOLEANS
    if is_id(asked):
        return text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID
    return bool(text) or isinstance(asked, django_filters.CharFilter)


def is_id(asked: Any) -> bool:
    """Tell whether a filter of numbers is one of ids."""
    return isinstance(asked, django_filters.NumberFilter) and asked.field_name.endswith("_id")


def unreadable(name: str) -> Reason:
    """Return the reason that names a filter without a value it can go by."""
    return Reason(
        code="invalid",
        message=_(
            "Give a value that this filter can go by: an id as digits, a question as true or false. Else leave it out."
        ),
        field=name,
    )


def page_parameters(view: APIView) -> Iterator[str]:
    """Return the parameters that page a list, when the view pages at all."""
    paginator = getattr(view, "paginator", None)
    for attribute in PAGING:
        name = getattr(paginator, attribute, None)
        if name:
            yield name


@cache
def parameters_of(filterset: type[Any]) -> dict[str, str]:
    """Return the filter behind each parameter of a filter set; a range is two, as `day_after` and `day_before`."""
    parameters = {}
    for name, field in filterset().form.fields.items():
        suffixes = getattr(field.widget, "suffixes", None)
        for parameter in (field.widget.suffixed(name, suffix) for suffix in suffixes) if suffixes else (name,):
            parameters[parameter] = name
    return parameters
