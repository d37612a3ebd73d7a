"""Answers as their reader wants them: `?fields=` leaves all others out, `?expand=` puts a thing where its id stands.

What a name stands for is the same in every resource; the composition root says it once (`offer`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.kernel.errors import BadInput, NotAllowed, Reason, Text

PARAMETERS = ("fields", "expand")
SHAPED = frozenset({"list", "retrieve"})
_OFFERED: dict[str, type[Any]] = {}

Row = dict[str, Any]


def offer(**resources: type[Any]) -> None:
    """Let a field that holds an id be expanded: the name of the field, and the resource the id belongs to."""
    _OFFERED.update(resources)


def expandable(names: Iterable[str]) -> list[str]:
    """Return those of the fields that can be expanded."""
    return sorted(_OFFERED.keys() & set(names))


def shaped(method: Callable[..., Response], view: Any) -> Callable[..., Response]:
    """Return a list's or a thing's handler whose answer has the fields asked for; BadInput names unknown ones."""

    def answer(request: Request, *args: Any, **kwargs: Any) -> Response:
        names = list(view.get_serializer().fields)
        asked = {name: _asked(request, name) for name in PARAMETERS}
        _check("expand", asked["expand"] or (), expandable(names), _("This cannot be expanded. Use: {names}."))
        _check("fields", asked["fields"] or (), names, _("There is no field of this name. Use one of: {names}."))
        response = method(request, *args, **kwargs)
        is_page = isinstance(response.data, dict) and "results" in response.data and view.action == "list"
        rows: list[Row] = [dict(row) for row in (response.data["results"] if is_page else [response.data])]
        for name in asked["expand"] or ():
            _expand(rows, name, view)
        if asked["fields"] is not None:
            rows = [{name: row[name] for name in asked["fields"] if name in row} for row in rows]
        response.data = {**response.data, "results": rows} if is_page else rows[0]
        return response

    return answer


def _asked(request: Request, parameter: str) -> Sequence[str] | None:
    """Return the names asked for, each once; None where the parameter is not there."""
    if parameter not in request.query_params:
        return None
    return list(dict.fromkeys(",".join(request.query_params.getlist(parameter)).split(",")))


def _check(parameter: str, asked: Iterable[str], known: Iterable[str], message: Text) -> None:
    unknown = [name for name in asked if name not in set(known)]
    if unknown:
        words = str(message).format(names=", ".join(sorted(known)) or "-")
        reasons = [Reason(code="unknown_field", message=words, field=parameter, value=name) for name in unknown]
        raise BadInput(reasons=reasons)


def _expand(rows: Sequence[Row], name: str, view: Any) -> None:
    """Put what the id names into its place, as its own resource answers it; of what is not in sight the id alone."""
    ids = {row[name] for row in rows if row[name] is not None}
    found = _things(_OFFERED[name], ids, view.request)
    for row in rows:
        if row[name] is not None:
            row[name] = found.get(row[name], {"id": row[name]})


def _things(resource: type[Any], ids: set[int], request: Request) -> Mapping[int, Any]:
    """Return things of another resource by id, under its own rights and scope; NotAllowed."""
    other = resource(request=request, args=(), kwargs={}, action="retrieve", format_kwarg=None)
    if not all(permission.has_permission(request, other) for permission in other.get_permissions()):
        raise NotAllowed
    things = list(other.get_queryset().filter(pk__in=ids))
    told = other.get_serializer(things, many=True).data
    return dict(zip([thing.pk for thing in things], told, strict=True))
