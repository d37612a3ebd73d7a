"""Pages of a list: by cursor, so that page 1,000 costs what page 1 costs."""

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.kernel.api.ordering import by_cursor, orderings
from cardfleet.kernel.errors import BadInput, Reason, Text

COUNTS = ["exact", "estimated"]


class CursorPages(CursorPagination):
    """`{"results", "next", "previous"}`; a view orders by its `ordering`, newest first where it names none.

    A view whose list is short sets `counted = True` to answer `count` as well; of any other `?count=exact` counts, and
    `?count=estimated` asks the database's planner, which costs nothing. `?ordering=` takes what `orderings` names.
    """

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    count_query_param = "count"
    ordering_query_param = "ordering"
    ordering = "-id"
    # Rows alike in what orders them are told apart by how many went before: there may be more than DRF's thousand.
    offset_cutoff = 2**31
    count: int | None = None
    place: int | None = None

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page; `page_size` outside 1..500, a broken cursor and an unknown count are BadInput."""
        self.count = counted(queryset, request.query_params.get(self.count_query_param), view)
        asked = request.query_params.get(self.ordering_query_param, "")
        order = getattr(view, "sorts", {}).get(asked)
        if order and by_cursor(view, asked) is None:
            return self._by_place(queryset.order_by(*order), request)
        return super().paginate_queryset(queryset, request, view)

    def _by_place(self, queryset: QuerySet[Any], request: Request) -> list[Any]:
        """Return one page of rows whose order no cursor can hold a value of; it holds how many go before."""
        size, cursor = self.get_page_size(request), self.decode_cursor(request)
        self.base_url, self.place = request.build_absolute_uri(), cursor.offset if cursor else 0
        found = list(queryset[self.place : self.place + size + 1])
        self.page_size, self.page, self.has_next = size, found[:size], len(found) > size
        return found[:size]

    def get_next_link(self) -> str | None:
        """Return where the next page is."""
        if self.place is None:
            return super().get_next_link()
        return self._link(self.place + self.page_size) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Return where the page before is."""
        if self.place is None:
            return super().get_previous_link()
        return self._link(max(self.place - self.page_size, 0)) if self.place else None

    def _link(self, place: int) -> str:
        return str(self.encode_cursor(Cursor(offset=place, reverse=False, position=None)))

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> tuple[str, ...]:
        """Return the order asked for, else the view's `ordering`, else newest first."""
        asked = request.query_params.get(self.ordering_query_param)
        if asked is not None:
            return order_of(asked, view)
        ordering = getattr(view, "ordering", None) or self.ordering
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_page_size(self, request: Request) -> int:
        """Return the number of results on a page."""
        asked = request.query_params.get("page_size", str(self.page_size))
        if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= self.max_page_size:
            raise BadInput(
                reasons=[
                    Reason(
                        code="page_size", message=_("Ask for 1 to 500 results a page."), field="page_size", value=asked
                    )
                ]
            )
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where the page begins."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            reason = Reason(
                code="cursor", message=_("Follow the links `next` and `previous` as they are."), field="cursor"
            )
            raise BadInput(reasons=[reason]) from error

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page as the API's one list shape."""
        page = {"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response(page if self.count is None else {"count": self.count, **page})

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the parameters as the schema tells them, the size of a page with its limits."""
        known: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in known:
            if parameter["name"] == self.page_size_query_param:
                limits = {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
                parameter["schema"] = {"type": "integer", **limits}
        count = "Answer how many there are; an estimate costs nothing."
        known.append(_parameter(self.count_query_param, count, COUNTS))
        if orders := [f"{sign}{name}" for name in orderings(view) for sign in ("", "-")]:
            known.append(_parameter(self.ordering_query_param, "Else the list's own order.", orders))
        return known

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of that shape."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "count": {"type": "integer"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }


def order_of(asked: str, view: Any) -> tuple[str, ...]:
    """Return the columns of an order asked for; BadInput names those there are."""
    found = by_cursor(view, asked)
    if found is None:
        message = _("The list cannot be ordered so. Use one of: {names}.")
        raise bad_parameter("ordering", str(message).format(names=", ".join(orderings(view)) or "-"))
    return found


def counted(queryset: QuerySet[Any], asked: str | None, view: Any) -> int | None:
    """Return how many rows a list has, as asked: exactly, as the planner expects, or not at all."""
    if asked is not None and asked not in COUNTS:
        raise bad_parameter("count", _("Ask for an exact or an estimated count."))
    if asked == "estimated":
        plan = json.loads(queryset.order_by().explain(format="JSON"))
        return int(plan[0]["Plan"]["Plan Rows"])
    return queryset.count() if asked or getattr(view, "counted", False) else None


def bad_parameter(name: str, message: Text) -> BadInput:
    """Return the refusal of a parameter of a page."""
    return BadInput(reasons=[Reason(code=name, message=message, field=name)])


def _parameter(name: str, words: str, values: list[str]) -> dict[str, Any]:
    schema = {"type": "string", "enum": values}
    return {"in": "query", "name": name, "required": False, "description": words, "schema": schema}
