"""Filters that refuse what they do not know: a misspelt filter must never answer the unfiltered list."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.request import Request
from rest_framework.views import APIView

from cardfleet.kernel.api.serializers import UNKNOWN_KEY, in_sight
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.filtersets import MOST_NAMED, Ids, is_said, narrowed, separated, unreadable, unusable
from cardfleet.kernel.keys import ids_by_key, is_natural

PAGING = (
    *("cursor_query_param", "page_query_param", "page_size_query_param"),
    *("count_query_param", "ordering_query_param"),
)
OF_THINGS = (filters.ModelChoiceFilter, filters.ModelMultipleChoiceFilter)


class StrictFilterBackend(filters.DjangoFilterBackend):  # type: ignore[misc]
    """django-filter over the view's `filterset_class`; an unknown parameter or value is BadInput naming it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Model], view: APIView) -> QuerySet[Model]:
        """Return the filtered queryset; nothing is made of filters that were not asked for."""
        kind: Any = self.get_filterset_class(view, queryset)
        read = read_filters(request, kind, {*page_parameters(view), *getattr(view, "own_parameters", ())})
        asked = frozenset(name for name in read if name in kind.base_filters) if kind else frozenset()
        if not asked:
            return queryset
        filterset = narrowed(kind, asked)(read, queryset=queryset, request=request)
        if faults := list(unusable(filterset)):
            raise BadInput(reasons=faults)
        filtered: QuerySet[Model] = filterset.qs
        return filtered


def read_filters(request: Request, kind: Any, beside: set[str]) -> QueryDict:
    """Return what is asked of a list's filters, with ids in the place of natural keys; `beside`: what is known, too.

    BadInput names what is unknown, and what a filter cannot go by. FiltersTooDeep.
    """
    filters_there = kind.base_filters if kind else {}
    known = {"format", *beside, *filters_there}
    if unknown := [name for name in request.query_params if name not in known]:
        raise BadInput(reasons=[unknown_parameter(name, known) for name in unknown[:MOST_NAMED]])
    if not any(name in filters_there for name in request.query_params):
        return request.query_params
    read = with_ids(separated(request.query_params, kind), kind, request)
    if unread := [name for name, one in filters_there.items() if name in read and not is_said(one, str(read[name]))]:
        raise BadInput(reasons=[unreadable(name) for name in unread])
    return read


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
    if isinstance(asked, OF_THINGS):
        given = asked.extra["queryset"]
        rows: QuerySet[Any] = given(request) if callable(given) else given
        return rows
    if isinstance(asked, filters.NumberFilter | Ids):
        columns = {field.attname: field.related_model for field in kind._meta.model._meta.concrete_fields}
        whose = getattr(asked, "of", None) or columns.get(asked.field_name)
        if whose:
            named: QuerySet[Any] = whose._default_manager.all()  # noqa: SLF001 - documented
            return named
    return None


def unknown_parameter(name: str, known: set[str]) -> Reason:
    """Return the reason that names an unknown parameter and those there are."""
    return Reason(
        code="unknown_parameter",
        message=_("There is no filter of this name. Use one of: {names}.").format(names=", ".join(sorted(known))),
        field=name[:MOST_NAMED],
    )


def page_parameters(view: APIView) -> Iterator[str]:
    """Return the parameters that page a list, when the view pages at all."""
    paginator = getattr(view, "paginator", None)
    for attribute in PAGING:
        name = getattr(paginator, attribute, None)
        if name:
            yield name
