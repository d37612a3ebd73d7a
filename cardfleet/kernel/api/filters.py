"""Filters that refuse what they do not know: a misspelt filter must never answer the unfiltered list."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.request import Request
from rest_framework.views import APIView

from cardfleet.kernel.errors import BadInput, Reason


class StrictFilterBackend(filters.DjangoFilterBackend):  # type: ignore[misc]
    """django-filter over the view's `filterset_class`; an unknown parameter or value is BadInput naming it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Model], view: APIView) -> QuerySet[Model]:
        """Return the filtered queryset."""
        filterset = self.get_filterset(request, queryset, view)
        known = {"format", *page_parameters(view), *filter_parameters(filterset)}
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise BadInput(reasons=[unknown_parameter(name, known) for name in unknown])
        filtered: QuerySet[Model] = super().filter_queryset(request, queryset, view)
        return filtered


def unknown_parameter(name: str, known: set[str]) -> Reason:
    """Return the reason that names an unknown parameter and those there are."""
    return Reason(
        code="unknown_parameter",
        message=_("There is no filter of this name. Use one of: {names}.").format(names=", ".join(sorted(known))),
        field=name,
    )


def page_parameters(view: APIView) -> Iterator[str]:
    """Return the parameters that page a list, when the view pages at all."""
    paginator = getattr(view, "paginator", None)
    for attribute in ("cursor_query_param", "page_query_param", "page_size_query_param"):
        name = getattr(paginator, attribute, None)
        if name:
            yield name


def filter_parameters(filterset: Any) -> Iterator[str]:
    """Return the parameters of a filter set; a range is two, as `day_after` and `day_before`."""
    if filterset is None:
        return
    for name, field in filterset.form.fields.items():
        suffixes = getattr(field.widget, "suffixes", None)
        yield from (field.widget.suffixed(name, suffix) for suffix in suffixes) if suffixes else (name,)
