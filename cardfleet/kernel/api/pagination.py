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

from cardfleet.kernel.api.ordering import asked_order, orderings
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

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page; `page_size` outside 1..500, a broken cursor and an unknown count are BadInput."""
        self.count = counted(queryset, request.query_params.get(self.count_query_param), view)
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> tuple[str, ...]:
        """Return the order asked for, else the view's `ordering`, else newest first."""
        asked = request.query_params.get(self.ordering_query_param)
        if asked is not None:
            known = orderings(view)
            found = asked_order(asked, known, queryset.model)
            if found is None:
                message = _("The list cannot be ordered so. Use one of: {names}.")
                raise bad_parameter("ordering", str(message).format(names=", ".join(known) or "-"))
            return found
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
