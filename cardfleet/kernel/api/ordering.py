"""By what a list of the API can be ordered: ids, days and moments that are never null; a short list by figures too.

A cursor holds the value of the row it stands at, so that text, which may be masked for the reader, orders no list in
this way. The orders of a list's page are there too; where a cursor cannot hold a value it holds the row's place.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models
from rest_framework.serializers import ModelSerializer

TIMES = (models.DateField,)
FIGURES = (models.IntegerField, models.DecimalField)


def orderings(view: Any) -> Sequence[str]:
    """Return the names `?ordering=` takes in a view's list, each also after a minus: its columns', its page's."""
    return sorted({*columns(view), *(name.removeprefix("-") for name in getattr(view, "sorts", ()))})


def by_cursor(view: Any, name: str) -> tuple[str, ...] | None:
    """Return the order of a name where a cursor can stand in it; None for others."""
    order = getattr(view, "sorts", {}).get(name)
    if order is None:
        return asked_order(name, columns(view), view.queryset.model)
    is_text = all(isinstance(one, str) for one in order)
    return tuple(order) if is_text and order[0].removeprefix("-") in columns(view) else None


def columns(view: Any) -> Sequence[str]:
    """Return the columns that order a view's list by a cursor; none where it has its own order."""
    serializer = getattr(view, "serializer_class", None)
    queryset = getattr(view, "queryset", None)
    if queryset is None or not isinstance(serializer, type) or not issubclass(serializer, ModelSerializer):
        return ()
    return _of(queryset.model, tuple(serializer.Meta.fields), is_short=getattr(view, "counted", False))


@cache
def _of(model: type[models.Model], shown: tuple[str, ...], *, is_short: bool) -> Sequence[str]:
    kinds = (*TIMES, *FIGURES) if is_short else TIMES
    own = [field for field in model._meta.concrete_fields if not (field.null or field.is_relation)]
    columns = [field for field in own if field.name in shown]
    return tuple(sorted(field.name for field in columns if field.primary_key or isinstance(field, kinds)))


def asked_order(asked: str, known: Sequence[str], model: type[models.Model]) -> tuple[str, ...] | None:
    """Return the order asked for, with the key to tell apart what is alike; None where it is none of the known."""
    name = asked.removeprefix("-")
    if name not in known:
        return None
    sign = asked.removesuffix(name)
    return (asked, *(f"{sign}{field.attname}" for field in model._meta.pk_fields if field.name != name))
