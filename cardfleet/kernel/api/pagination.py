"""Pages of a list: by cursor, so that page 1,000 costs what page 1 costs."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cardfleet.kernel.errors import BadInput, Reason


class CursorPages(CursorPagination):
    """`{"results", "next", "previous"}`; a view orders by its `ordering`, newest first where it names none.

    A view whose list is short sets `counted = True` to answer `count` as well.
    """

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"
    count: int | None = None

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page; `page_size` outside 1..500 and a broken cursor are BadInput."""
        self.count = queryset.count() if getattr(view, "counted", False) else None
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> tuple[str, ...]:
        """Return the view's `ordering`, else newest first."""
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
